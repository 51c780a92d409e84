// The figure of accuracy against alignment.
#include "engine/experiment/entry_keys.h"
#include "ui/scope/figures/plane_path.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ui/plot/figure_words.h"
#include "ui/scope/figures/line_entry.h"

namespace grapevine {
namespace {

/// A figure of lines whose points are its own.
class PlaneFigure : public LineFigure {
 public:
  std::vector<std::unique_ptr<Pieces>> paths;
};

std::unique_ptr<Pieces> as_line(const std::vector<MeasuredPoint>& path) {
  auto line = std::make_unique<Pieces>();
  for (const MeasuredPoint& point : path) line->points.push_back({point.across, point.up});
  line->ends.push_back(line->points.size());
  return line;
}

/// The last value at or before a step, NaN before the first.
double last_of(const Series& series, std::int64_t step) {
  const auto after = std::upper_bound(series.step.begin(), series.step.end(), step) - series.step.begin();
  return after == 0 ? std::nan("") : series.value[static_cast<std::size_t>(after - 1)];
}

}  // namespace

int score_measure(const RunData& run) {
  for (const Phase phase : {Phase::test, Phase::validation, Phase::batch}) {
    const int measure = measure_index(score_in(phase, false).key);
    if (const Series* series = run.find(measure, 0); series && series->size() > 0) return measure;
  }
  return -1;
}

double known_at(const RunData& run, int measure, std::int64_t step) {
  const MeasureDescriptor& its = measures()[static_cast<std::size_t>(measure)];
  double sum = 0;
  int known = 0;
  const int first = its.per_point ? 1 : 0;
  for (int point = first; point <= (its.per_point ? run.points_of(measure) : 0); ++point) {
    const Series* series = run.find(measure, point);
    const double value = series ? last_of(*series, step) : std::nan("");
    if (std::isnan(value)) continue;
    sum += value;
    ++known;
  }
  if (known == 0) return std::nan("");
  return rules_sign(run, measure) * sum / known;
}

std::vector<MeasuredPoint> measured_path(const RunData& run, int across, int up) {
  constexpr std::size_t most = 2000;
  if (across < 0 || up < 0) return {};
  const auto& all = measures();
  const Series* steps = run.find(up, all[static_cast<std::size_t>(up)].per_point ? 1 : 0);
  if (!steps || steps->size() == 0) return {};
  const std::size_t stride = (steps->size() - 1) / most + 1;
  std::vector<MeasuredPoint> path;
  for (std::size_t i = (steps->size() - 1) % stride; i < steps->size(); i += stride) {
    const std::int64_t step = steps->step[i];
    const MeasuredPoint point = {step, known_at(run, across, step), known_at(run, up, step)};
    if (std::isfinite(point.across) && std::isfinite(point.up)) path.push_back(point);
  }
  return path;
}

std::vector<PlanePoint> plane_path(const RunData& run) {
  const RuleDescriptor* rule = find_rule(run.rule);
  if (!rule || !rule->has_feedback) return {};
  std::vector<PlanePoint> path;
  for (const MeasuredPoint& point :
       measured_path(run, measure_index(measure_keys::cos_b_j), score_measure(run)))
    path.push_back({point.step, point.across, point.up});
  return path;
}

namespace {

/// What is along the axes of a figure for one run; −1 = nothing.
struct Axes {
  int across = -1, up = -1;
};
Axes axes_of(const FigureState& state, const RunData& run) {
  return {state.across >= 0 ? state.across : measure_index(measure_keys::cos_b_j),
          state.measures.empty() ? score_measure(run) : state.measures.front()};
}

/// Of the figure, without asking a run.
const MeasureDescriptor& across_of(const FigureState& state) {
  return measures()[static_cast<std::size_t>(state.across >= 0 ? state.across
                                                               : measure_index(measure_keys::cos_b_j))];
}

const MeasureDescriptor& up_of(const FigureState& state) {
  return state.measures.empty() ? score_in(Phase::test, false)
                                : measures()[static_cast<std::size_t>(state.measures.front())];
}

std::string words_of(const MeasureDescriptor& measure) {
  return measure.per_point ? figure_words("mean %1 over the layers", measure.name) : measure.name;
}

std::vector<MeasuredPoint> path_of(const FigureState& state, const RunData& run) {
  const RuleDescriptor* rule = find_rule(run.rule);
  // A rule without feedback matrices has no alignment of them, whatever a store says.
  if (across_of(state).has_rules_sign && rule && !rule->has_feedback) return {};
  const Axes axes = axes_of(state, run);
  return measured_path(run, axes.across, axes.up);
}

Unit unit_of(const MeasureDescriptor& measure, const ScopeModel& model) {
  if (measure.quantity == Quantity::share) return Unit::share;
  return measure.quantity == Quantity::cosine && model.degrees ? Unit::angle : Unit::number;
}

/// Of what is along one axis: cosines up to 1 and from −0.1 at most, others as far as they go.
Axis axis_of(const MeasureDescriptor& measure, const ScopeModel& model, const Extent& seen, bool log) {
  const Unit unit = unit_of(measure, model);
  if (log) return fitted_axis(seen.lowest_positive, seen.highest, Scale::log, unit);
  if (measure.quantity == Quantity::cosine) {
    const double lowest = seen.empty() ? -0.1 : std::min(-0.1, std::floor(seen.lowest * 10) / 10);
    return {lowest, 1.03, Scale::linear, unit, 1e-3};
  }
  const bool share = measure.quantity == Quantity::share;
  return fitted_axis(seen.empty() ? 0 : seen.lowest, seen.empty() ? 1 : seen.highest, Scale::linear,
                     share ? Unit::share : unit);
}

/// How far a group's members spread around a point of its path, along both axes, and of how many seeds.
struct Whisker {
  double left = 0, right = 0, low = 0, high = 0;
  int count = 0;
};

/// Where a step is in a curve: the last sample at or before it; nothing before the first.
std::optional<std::size_t> place_in(const MeanCurve& curve, std::int64_t step) {
  const auto& steps = curve.mean.step;
  const auto after = std::upper_bound(steps.begin(), steps.end(), step) - steps.begin();
  return after == 0 ? std::nullopt : std::optional(static_cast<std::size_t>(after - 1));
}

struct Reach {
  double low = 0, high = 0;
  int count = 0;
};

/// A measure's band known at a step: of layers that of the mean over them.
std::optional<Reach> band_at(const MeanRun& group, int measure, std::int64_t step) {
  const auto found = group.curves.find({measure, 0});
  if (found == group.curves.end()) return std::nullopt;
  const MeanCurve& curve = found->second;
  const auto at = place_in(curve, step);
  if (!at) return std::nullopt;
  const double sign = rules_sign(group.data, measure);
  const auto [low, high] = std::minmax({sign * curve.low.value[*at], sign * curve.high.value[*at]});
  return Reach{low, high, curve.count[*at]};
}

std::optional<Whisker> whisker_at(const MeanRun& group, const Axes& axes, std::int64_t step) {
  const auto across = band_at(group, axes.across, step), up = band_at(group, axes.up, step);
  if (!across || !up) return std::nullopt;
  return Whisker{across->low, across->high, up->low, up->high, std::min(across->count, up->count)};
}

/// A cross at some points of a group's path, the last one among them: all of them would hide it.
std::unique_ptr<Pieces> whiskers_of(const MeanRun& group, const Axes& axes,
                                    const std::vector<MeasuredPoint>& path) {
  constexpr std::size_t most = 16;
  auto crosses = std::make_unique<Pieces>();
  const auto add = [&](Point from, Point to) {
    crosses->points.push_back(from);
    crosses->points.push_back(to);
    crosses->ends.push_back(crosses->points.size());
  };
  const std::size_t stride = (path.size() - 1) / most + 1;
  for (std::size_t i = (path.size() - 1) % stride; i < path.size(); i += stride) {
    const std::optional<Whisker> whisker = whisker_at(group, axes, path[i].step);
    if (!whisker || whisker->count < 2) continue;
    add({whisker->left, path[i].up}, {whisker->right, path[i].up});
    add({path[i].across, whisker->low}, {path[i].across, whisker->high});
  }
  return crosses;
}

std::string words_of(Band band) {
  switch (band) {
    case Band::deviation:
      return figure_words("Whiskers: mean ± standard deviation over the seeds");
    case Band::error:
      return figure_words("Whiskers: mean ± standard error over the seeds");
    case Band::range:
      return figure_words("Whiskers: least to largest of the seeds");
  }
  return "";
}

/// A racer's path; nothing where it has none.
std::optional<PlotLine> add_path(const ScopeModel& model, const ScopeLook& look, const FigureState& state,
                                 int racer, PlaneFigure& figure) {
  const Racer& its = model.racers()[static_cast<std::size_t>(racer)];
  const std::vector<MeasuredPoint> path = path_of(state, *its.run);
  if (path.empty()) return std::nullopt;
  PlotLine line;
  line.name = line.end_name = its.label;
  line.stroke = {look.colour_of(its), 1.8, model.dash_of(racer)};
  line.end_colour = line.stroke.colour;
  line.end_value = path.back().up;
  line.dots = path.size() <= 200;
  line.cursor_value.y = line.anchor_value.y = std::nan("");
  line.racer = racer;
  line.faded = is_faded(model, racer);
  figure.paths.push_back(as_line(path));
  line.main = figure.paths.back().get();
  return line;
}

/// Of a group: its whiskers, thin; nothing of a run, or where nothing spreads.
std::optional<PlotLine> add_whiskers(const ScopeModel& model, const ScopeLook& look, const FigureState& state,
                                     const PlotLine& path, PlaneFigure& figure) {
  const Racer& its = model.racers()[static_cast<std::size_t>(path.racer)];
  if (!its.mean) return std::nullopt;
  auto crosses = whiskers_of(*its.mean, axes_of(state, *its.run), path_of(state, *its.run));
  if (crosses->points.empty()) return std::nullopt;
  PlotLine line;
  line.name = figure_words("%1, spread", its.label);
  line.stroke = {mixed(look.theme().plot, path.stroke.colour, 0.5), 1, Dash::solid};
  line.cursor_value.y = line.anchor_value.y = line.end_value = std::nan("");
  line.racer = path.racer;
  line.faded = path.faded;
  figure.paths.push_back(std::move(crosses));
  line.main = figure.paths.back().get();
  return line;
}

class Plane : public FigureEntry {
 public:
  using FigureEntry::FigureEntry;

  void shape(const ScopeModel& model, const ScopeLook& look, const FigurePlace& place,
             Figure& figure) const override {
    FigureEntry::shape(model, look, place, figure);
    shape_lines(look, place, room_for_racers(model), false, figure);
    figure.x_title = words_of(across_of(state_of(model, place.figure)));
  }

  std::unique_ptr<Figure> build(const ScopeModel& model, ScopeLook& look,
                                const FigurePlace& place) const override {
    auto figure = std::make_unique<PlaneFigure>();
    shape(model, look, place, *figure);
    const FigureState& state = state_of(model, place.figure);
    figure->title = model.title_of(place.figure);
    figure->title_opens_menu = !look.for_file;
    if (model.pointer) figure->title_hovered = figure->title_area().contains(*model.pointer);
    Extent across, up;
    for (std::size_t r = 0; r < model.racers().size(); ++r) {
      if (!model.racers()[r].visible) continue;
      const auto line = add_path(model, look, state, static_cast<int>(r), *figure);
      if (!line) continue;
      const auto whiskers = add_whiskers(model, look, state, *line, *figure);
      if (whiskers) figure->note = words_of(model.racers()[r].mean->band);
      for (const PlotLine* drawn : {whiskers ? &*whiskers : nullptr, &*line}) {
        if (!drawn) continue;
        for (const Point& point : drawn->main->points) {
          across.add(point.x);
          up.add(point.y);
        }
        figure->lines.push_back(*drawn);
      }
    }
    figure->x = axis_of(across_of(state), model, across, state.log_across);
    figure->y = axis_of(up_of(state), model, up, state.log);
    if ((state.log_across && across.lowest <= 0) || (state.log && up.lowest <= 0))
      figure->note += (figure->note.empty() ? "" : "; ") + figure_words("values of 0 and below are left out");
    if (figure->lines.empty() && model.any_data())
      figure->empty_text =
          across_of(state).has_rules_sign
              ? figure_words("No rule here has feedback matrices whose alignment was measured")
              : figure_words("The runs shown did not measure both; choose others above");
    return figure;
  }

  bool offers(const MeasureDescriptor&) const override { return true; }
  /// What the user chose stays; nothing else is looked for.
  std::vector<int> pick(const ScopeModel&) const override { return {}; }
  std::string title(const FigureState& state, ScopeView view) const override {
    if (state.across < 0 && state.measures.empty()) return FigureEntry::title(state, view);
    return figure_words("%1 against %2", as_title(words_of(up_of(state))), words_of(across_of(state)));
  }

  /// The paths as they are drawn: at each test the accuracy and the mean alignment.
  void add_rows(const ScopeModel& model, int figure, const Racer& racer, bool,
                std::vector<FigureRow>& rows) const override {
    const FigureState& state = state_of(model, figure);
    const Axes axes = axes_of(state, *racer.run);
    for (const MeasuredPoint& point : path_of(state, *racer.run)) {
      FigureRow row{racer.label, measures()[static_cast<std::size_t>(axes.across)].key, 0, point.step, 0, 0,
                    point.across};
      const auto whisker = racer.mean ? whisker_at(*racer.mean, axes, point.step) : std::nullopt;
      if (whisker) {
        row.low = whisker->left;
        row.high = whisker->right;
        row.count = whisker->count;
      }
      rows.push_back(row);
      row.measure = measures()[static_cast<std::size_t>(axes.up)].key;
      row.value = point.up;
      if (whisker) {
        row.low = whisker->low;
        row.high = whisker->high;
      }
      rows.push_back(row);
    }
  }

  QStringList explanation(const FigureState&) const override {
    return {QObject::tr(
        "One path per run, a point where the measure upwards was taken; the other is the last one known "
        "then. By default one point per test: to the right feedback is better aligned, upwards the "
        "network classifies better. Rules without feedback matrices have no path. A group of runs has the "
        "path of its mean, and whiskers that show how far its seeds spread along both axes.")};
  }

 protected:
  QString said_of(const FigureState& state, const Racer& racer) const override {
    const std::vector<MeasuredPoint> path = path_of(state, *racer.run);
    if (path.empty()) return {};
    const auto said = [](const MeasureDescriptor& measure, double value) {
      Axis axis;
      if (measure.quantity == Quantity::share) axis.unit = Unit::share;
      return QString::fromStdString(axis.format(value, 2));
    };
    return QObject::tr("%1 at %2 %3")
        .arg(said(up_of(state), path.back().up), QString::fromStdString(words_of(across_of(state))),
             said(across_of(state), path.back().across));
  }
};

}  // namespace

const FigureEntry& plane_figure() {
  static const Plane entry({.key = "plane",
                            .title = QT_TRANSLATE_NOOP("grapevine::Figures", "Accuracy against alignment"),
                            .shown = false,  // for those who ask for it
                            .leaves = 3,
                            .handling = FigureHandling::none,
                            .title_menu = true,
                            .two_axes = true});
  return entry;
}

}  // namespace grapevine
