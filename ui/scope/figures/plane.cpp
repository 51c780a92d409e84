// The figure of accuracy against alignment.
#include "ui/scope/figures/plane_path.h"

#include <algorithm>
#include <cmath>

#include "ui/scope/figures/line_entry.h"

namespace grapevine {
namespace {

/// A figure of lines whose points are its own.
class PlaneFigure : public LineFigure {
 public:
  std::vector<std::unique_ptr<Pieces>> paths;
};

const Series* scores_of(const RunData& run) {
  for (const char* key : {"test_accuracy", "validation_accuracy", "accuracy"})
    if (const Series* series = run.find(key, 0); series && series->size() > 0) return series;
  return nullptr;
}

/// The last value at or before a step, NaN before the first.
double known_at(const Series& series, std::int64_t step) {
  const auto after = std::upper_bound(series.step.begin(), series.step.end(), step) - series.step.begin();
  return after == 0 ? std::nan("") : series.value[static_cast<std::size_t>(after - 1)];
}

std::unique_ptr<Pieces> as_line(const std::vector<PlanePoint>& path) {
  auto line = std::make_unique<Pieces>();
  for (const PlanePoint& point : path) line->points.push_back({point.alignment, point.score});
  line->ends.push_back(line->points.size());
  return line;
}

}  // namespace

std::vector<PlanePoint> plane_path(const RunData& run) {
  const RuleDescriptor* rule = find_rule(run.rule);
  const Series* scores = scores_of(run);
  const int measure = measure_index("cos_b_j");
  const int points = run.points_of(measure);
  if (!rule || !rule->has_feedback || !scores || points == 0) return {};
  std::vector<PlanePoint> path;
  for (std::size_t i = 0; i < scores->size(); ++i) {
    double sum = 0;
    int known = 0;
    for (int point = 1; point <= points; ++point) {
      const Series* cosines = run.find(measure, point);
      const double value = cosines ? known_at(*cosines, scores->step[i]) : std::nan("");
      if (std::isnan(value)) continue;
      sum += value;
      ++known;
    }
    if (known > 0 && std::isfinite(scores->value[i]))
      path.push_back({scores->step[i], rule->alignment_sign * sum / known, scores->value[i]});
  }
  return path;
}

namespace {

/// A racer's path; nothing where it has none.
std::optional<PlotLine> add_path(const ScopeModel& model, const ScopeLook& look, int racer,
                                 PlaneFigure& figure) {
  const Racer& its = model.racers()[static_cast<std::size_t>(racer)];
  const std::vector<PlanePoint> path = plane_path(*its.run);
  if (path.empty()) return std::nullopt;
  PlotLine line;
  line.name = line.end_name = its.label;
  line.stroke = {look.colour_of(its), 1.8, model.dash_of(racer)};
  line.end_colour = line.stroke.colour;
  line.end_value = path.back().score;
  line.dots = true;
  line.racer = racer;
  line.faded = is_faded(model, racer);
  figure.paths.push_back(as_line(path));
  line.main = figure.paths.back().get();
  return line;
}

class Plane : public FigureEntry {
 public:
  using FigureEntry::FigureEntry;

  void shape(const ScopeModel& model, const ScopeLook& look, const FigurePlace& place,
             Figure& figure) const override {
    FigureEntry::shape(model, look, place, figure);
    shape_lines(look, place, true, false, figure);
    figure.x_title = "mean cos(B, J̄) over the layers";
  }

  std::unique_ptr<Figure> build(const ScopeModel& model, ScopeLook& look,
                                const FigurePlace& place) const override {
    auto figure = std::make_unique<PlaneFigure>();
    shape(model, look, place, *figure);
    figure->title = model.title_of(place.figure);
    double left = -0.1;
    Extent scores;
    for (std::size_t r = 0; r < model.racers().size(); ++r) {
      if (!model.racers()[r].visible) continue;
      const auto line = add_path(model, look, static_cast<int>(r), *figure);
      if (!line) continue;
      for (const Point& point : line->main->points) {
        left = std::min(left, std::floor(point.x * 10) / 10);
        scores.add(point.y);
      }
      figure->lines.push_back(*line);
    }
    figure->x = {left, 1.03, Scale::linear, model.degrees ? Unit::angle : Unit::number, 1e-3};
    figure->y = fitted_axis(scores.empty() ? 0 : scores.lowest, scores.empty() ? 1 : scores.highest,
                            Scale::linear, Unit::share);
    if (figure->lines.empty() && model.any_data())
      figure->empty_text = "No rule here has feedback matrices whose alignment was measured";
    return figure;
  }

  /// The paths as they are drawn: at each test the accuracy and the mean alignment.
  void add_rows(const ScopeModel&, int, const Racer& racer, bool,
                std::vector<FigureRow>& rows) const override {
    for (const PlanePoint& point : plane_path(*racer.run)) {
      FigureRow row{racer.label, "cos_b_j", 0, point.step, 0, 0, point.alignment};
      rows.push_back(row);
      row.measure = "accuracy";
      row.value = point.score;
      rows.push_back(row);
    }
  }

  QStringList explanation(const FigureState&) const override {
    return {
        QObject::tr("A path a run, a point a test: to the right feedback is better aligned, upwards the "
                    "network classifies better. Rules without feedback matrices have no path.")};
  }

 protected:
  QString said_of(const FigureState&, const Racer& racer) const override {
    const std::vector<PlanePoint> path = plane_path(*racer.run);
    if (path.empty()) return {};
    return QObject::tr("accuracy %1 % at a mean alignment of %2")
        .arg(100 * path.back().score, 0, 'f', 1)
        .arg(path.back().alignment, 0, 'f', 2);
  }
};

}  // namespace

const FigureEntry& plane_figure() {
  static const Plane entry({.key = "plane",
                            .title = "Accuracy against alignment",
                            .shown = false,  // for who asks for it
                            .handling = FigureHandling::none});
  return entry;
}

}  // namespace grapevine
