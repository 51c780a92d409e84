// From the scope's state to a stage that can be drawn.
#include "ui/scope/figures/stage_build.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "ui/plot/figure_words.h"
#include "ui/scope/figures/stage_words.h"

namespace grapevine {
namespace {

constexpr int kCells = 48;  ///< of a strip

/// The cosine with BP's signal, or the update's, over the time in view: the last value known in each cell.
std::vector<double> strip_of(const ScopeModel& model, const Racer& racer, int point, double until) {
  const RunData& run = *racer.run;
  std::vector<double> cells(kCells, kUnknown);
  const Series* series = run.find(needle_measure(Needle::signal).key.c_str(), point);
  if (!series) series = run.find(needle_measure(Needle::update).key.c_str(), point);
  if (!series || !(until > 0)) return cells;
  const SeriesView view = racer.view(*series, model.time_axis());
  std::size_t i = 0;
  double last = kUnknown;
  for (int cell = 0; cell < kCells; ++cell) {
    const double end = until * (cell + 1) / kCells;
    while (i < view.size() && view.x(i) <= end) last = view.y(i++);
    cells[static_cast<std::size_t>(cell)] = last;
  }
  return cells;
}

void add_strips(const ScopeModel& model, StageFigure& figure) {
  const std::optional<double> time = model.stage_time();
  const double until = time ? *time : model.data_range().hi;
  for (std::size_t i = 0; i < figure.data.columns.size(); ++i) {
    const StageColumn& column = figure.data.columns[i];
    const Racer& racer = model.racers()[static_cast<std::size_t>(column.racer)];
    for (const DialPlace& place : figure.layout.columns[i].dials) {
      const int point =
          column.dials[static_cast<std::size_t>(worst_of(column, place.first, place.last))].point;
      figure.strips[{column.racer, point}] = strip_of(model, racer, point, until);
    }
  }
}

/// Of how many seeds the needles that are shown are the mean.
int seeds_behind(const MeanRun& group, const StageColumn& column) {
  for (const Needle needle : needle_readings) {
    const auto found = group.curves.find({measure_index(needle_measure(needle).key), 1});
    if (found == group.curves.end()) continue;
    const auto& steps = found->second.mean.step;
    const auto after = std::upper_bound(steps.begin(), steps.end(), column.probe_step) - steps.begin();
    if (after > 0) return found->second.count[static_cast<std::size_t>(after - 1)];
  }
  return static_cast<int>(group.members.size());
}

/// A group's column shows means, and says so before anything else about its rule.
void tell_groups(const ScopeModel& model, StageData& data) {
  for (StageColumn& column : data.columns) {
    const MeanView& mean = model.racers()[static_cast<std::size_t>(column.racer)].mean;
    if (!mean) continue;
    const std::string words =
        figure_words("means over %1 seeds", std::to_string(seeds_behind(*mean, column)));
    column.manner = column.manner.empty() ? words : words + ", " + column.manner;
  }
}

constexpr double kRoomForLegend = 340;
constexpr double kLegendRoom = 30;

std::string time_text(const StageData& data) {
  if (data.step < 0) return "";
  return figure_words("step %1", counted(data.step));
}

}  // namespace

std::unique_ptr<StageFigure> build_stage(const ScopeModel& model, const ScopeLook& look,
                                         const FigurePlace& place) {
  auto figure = std::make_unique<StageFigure>();
  figure->outer = place.area;
  figure->title = model.title_of(place.figure);
  const std::vector<StageRacer> racers = look.stage_racers(model);
  figure->data = stage_at(racers, model.time_axis(), model.stage_time());
  tell_groups(model, figure->data);
  // In a small hall the rows get the legend's room: who lectures says it.
  const bool spoken = model.lecture && place.area.height < kRoomForLegend;
  Rect area = place.area;
  if (spoken) area = {area.x, area.y - kLegendRoom, area.width, area.height + kLegendRoom};
  figure->layout = lay_out_stage(area, figure->data, model.open_fold);
  if (!model.racers().empty()) figure->headlines = stage_headlines(figure->data);
  if (!spoken) figure->legend = stage_legend(figure->data, figure->layout);
  figure->end = stage_end(figure->data, racers);
  figure->time_text = time_text(figure->data);
  figure->emphasised_racer = model.highlighted;
  figure->chosen = model.chosen_place;
  figure->step = model.step_shown;
  if (figure->layout.strips) add_strips(model, *figure);
  if (!model.pointer) return figure;
  figure->pointer = *model.pointer;
  figure->pointer_inside = place.area.contains(*model.pointer);
  figure->hovered = model.hovered_place;
  if (figure->hovered && figure->pointer_inside) {
    const RunData& run = *model.racers()[static_cast<std::size_t>(figure->hovered->racer)].run;
    const auto when = model.stage_time_of(figure->hovered->racer);
    figure->hovered_numbers = stage_numbers(run, when.axis, when.time, figure->hovered->point);
  }
  return figure;
}

std::string stage_sentence(const ScopeModel& model) {
  const StageData data = model.stage_data();
  std::string text = stage_headline(data);
  if (!model.chosen_place) return text;
  for (const StageColumn& column : data.columns) {
    if (column.racer != model.chosen_place->racer) continue;
    const auto index = static_cast<std::size_t>(model.chosen_place->point - 1);
    if (index < column.dials.size()) return dial_sentence(column, column.dials[index]);
  }
  return text;
}

}  // namespace grapevine
