// The heat map: a measure of each layer over time as colours, one row per layer.
#include "ui/plot/heat_map.h"

#include <algorithm>

#include "ui/plot/figure_words.h"
#include "ui/scope/figures/figure_common.h"

namespace grapevine {
namespace {

/// A run's newest time: what was measured last holds until then.
double newest_of(const ScopeModel& model, const Racer& racer) {
  switch (model.time_axis()) {
    case TimeAxis::step:
      return static_cast<double>(racer.run->step);
    case TimeAxis::samples:
      return static_cast<double>(racer.run->step) * racer.samples_per_step;
    case TimeAxis::epoch:
      return racer.run->epoch;
    case TimeAxis::seconds:
      break;
  }
  if (!racer.clock || racer.clock->size() == 0) return 0;
  return racer.view(*racer.clock, model.time_axis()).x(racer.clock->size() - 1);
}

/// Where a layer was measured, as far as that is in view; none where ticks would stand close.
std::vector<double> measured_times(const SeriesView& view, const HeatMap& figure) {
  constexpr double closest = 10;  // pixels between ticks
  const auto most = static_cast<std::size_t>(std::max(0.0, figure.plot().width / closest));
  std::vector<double> times;
  for (std::size_t i = 0; i < view.size(); ++i) {
    const double time = view.x(i);
    if (time < figure.x.lo || time > figure.x.hi) continue;
    if (times.size() >= most) return {};
    times.push_back(time);
  }
  return times;
}

void add_heat_rows(const ScopeModel& model, ScopeLook& look, HeatMap& figure, int measure) {
  const Columns columns = {figure.x.lo, figure.x.hi, std::max(1, static_cast<int>(figure.plot().width)),
                           figure.x.scale == Scale::log};
  const std::vector<int> racers = model.layer_racers(measure);
  Extent extent;
  for (const int r : racers) {
    const Racer& racer = model.racers()[static_cast<std::size_t>(r)];
    for (int point = racer.run->points_of(measure); point >= 1; --point) {
      const Series* series = racer.run->find(measure, point);
      if (!series || series->size() == 0) continue;
      HeatRow row;
      row.name = std::to_string(point);
      row.full_name = rules_sign(*racer.run, measure) < 0
                          ? figure_words("%1 · − layer %2", racer.label, row.name)
                          : figure_words("%1 · layer %2", racer.label, row.name);
      row.racer = r;
      row.marked = model.pointed_place() && model.pointed_place()->point == point &&
                   (racers.size() == 1 || model.pointed_place()->racer == r);
      row.colour = look.colour_of(racer);
      const LineRequest request = model.request(racer, *series, 0);
      row.measured = measured_times(racer.view(*series, model.time_axis()), figure);
      row.sign = rules_sign(*racer.run, measure);
      row.columns = &look.cache(model).means(request, columns, newest_of(model, racer));
      row.cursor_value = row.sign * value_at(model, look, request, figure.crosshair).y;
      extent.add(look.cache(model).extent(request, figure.x.lo, figure.x.hi));
      figure.rows.push_back(row);
    }
  }
  if (!extent.empty()) {
    figure.lo = std::min(0.0, extent.lowest);
    figure.hi = extent.highest;
  }
}

class HeatMapEntry : public FigureEntry {
 public:
  using FigureEntry::FigureEntry;
  bool offers(const MeasureDescriptor& measure) const override { return measure.per_point; }
  std::vector<int> pick(const ScopeModel& model) const override { return pick_layer_measure(model); }
  std::string title(const FigureState& state, ScopeView view) const override {
    if (state.measures.empty()) return FigureEntry::title(state, view);
    return as_title(measures()[static_cast<std::size_t>(state.measures.front())].name) + ", layer × time";
  }
  double least_height(std::size_t) const override { return Figure::kHeaderHeight + Figure::kBareHeight + 54; }
  bool beneath_stage(const RowBeneath& row) const override { return !row.panels && row.any_layers; }

  std::unique_ptr<Figure> build(const ScopeModel& model, ScopeLook& look,
                                const FigurePlace& place) const override {
    auto figure = std::make_unique<HeatMap>();
    const FigureState& state = state_of(model, place.figure);
    fill_common(model, look, place, *figure);
    figure->title_opens_menu = !look.for_file;
    figure->marks = event_marks(model, look);
    figure->emphasised_racer = model.highlighted;
    if (!state.measures.empty()) {
      const int measure = state.measures.front();
      figure->short_title = as_title(measures()[static_cast<std::size_t>(measure)].name);
      figure->diverging = measures()[static_cast<std::size_t>(measure)].quantity == Quantity::cosine;
      add_heat_rows(model, look, *figure, measure);
    }
    if (figure->rows.empty() && model.any_data())
      figure->empty_text = figure_words("Not measured by these rules");
    return figure;
  }
};

}  // namespace

const FigureEntry& heat_map_figure() {
  static const HeatMapEntry entry({.key = "heat_map",
                                   .title = QT_TRANSLATE_NOOP("grapevine::Figures", "Layer × time"),
                                   .weight = 0.9,
                                   .leaves = 2,
                                   .of_layers = true,
                                   .title_menu = true});
  return entry;
}

}  // namespace grapevine
