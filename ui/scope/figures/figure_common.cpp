// What the figures over time have in common.
#include "ui/scope/figures/figure_common.h"
#include "engine/experiment/entry_keys.h"
#include "ui/scope/event_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/plot/event_lane.h"
#include "ui/plot/names.h"

namespace grapevine {
namespace {

std::string time_words(const ScopeModel& model, const Axis& axis) {
  if (!model.cursor) return {};
  std::string text = title_of(model.time_axis());
  const bool counts = unit_of(model.time_axis()) == Unit::count;
  const double shown = counts ? std::round(*model.cursor) : *model.cursor;
  text += " " + axis.format(shown);
  if (model.anchor) text += "   Δ " + axis.format(shown - *model.anchor);
  return text;
}

/// Whose it is before what it is: of a narrow panel's title the beginning is left.
std::string panel_title(const ScopeModel& model, const FigurePlace& place) {
  const FigureState& state = state_of(model, place.figure);
  const Racer& racer = model.racers()[static_cast<std::size_t>(place.racer)];
  const std::string label = without_keys(racer.label);
  if (state.measures.empty()) return label;
  const int measure = state.measures.front();
  return label + " · " + (rules_sign(*racer.run, measure) < 0 ? "−" : "") +
         measures()[static_cast<std::size_t>(measure)].name;
}

}  // namespace

bool is_faded(const ScopeModel& model, int racer) {
  return model.highlighted >= 0 && model.highlighted != racer;
}

void fill_common(const ScopeModel& model, const ScopeLook& look, const FigurePlace& place, Figure& figure) {
  entry_of(model, place.figure).shape(model, look, place, figure);
  figure.title = model.title_of(place.figure);
  if (place.racer >= 0) {
    figure.title = panel_title(model, place);
    figure.short_title = without_keys(model.racers()[static_cast<std::size_t>(place.racer)].label);
    figure.title_colour = look.colour_of(model, place.racer);
  }
  figure.x = model.time(place.figure);
  // The held time is a crosshair that stays.
  figure.crosshair = model.view == ScopeView::stage ? model.stage_time() : model.cursor;
  figure.second_cursor = model.anchor;
  figure.crosshair_text = time_words(model, figure.x);
  if (!model.pointer) return;
  figure.pointer = *model.pointer;
  figure.pointer_inside = model.hovered_figure == place.figure && place.area.contains(figure.pointer);
  figure.pointer_elsewhere = !figure.pointer_inside && model.cursor.has_value();
  figure.title_hovered = figure.title_area().contains(figure.pointer);
}

std::vector<Mark> event_marks(const ScopeModel& model, const ScopeLook& look, int only) {
  std::vector<Mark> marks;
  for (std::size_t r = 0; r < model.racers().size(); ++r) {
    const Racer& racer = model.racers()[r];
    const int index = static_cast<int>(r);
    if (!racer.visible || is_faded(model, index)) continue;
    if (only >= 0 && only != index) continue;
    const Colour colour = look.colour_of(racer);
    for (const Event& event : racer.run->events)
      if (const EventShape shape = shape_of(event.kind.kind()); marks_figures(shape))
        marks.push_back({model.time_of_event(index, event), colour, index, false, shape});
  }
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.x < b.x; });
  return marks;
}

Point value_at(const ScopeModel& model, ScopeLook& look, const LineRequest& request,
               std::optional<double> time) {
  const Point nothing = {0, std::numeric_limits<double>::quiet_NaN()};
  if (!time || request.view.empty()) return nothing;
  const double before = request.view.x(0);
  const double after = request.view.x(request.view.size() - 1);
  // A run that is not there at this time says nothing.
  const double tolerance = (after - before) * 0.02;
  if (*time < before - tolerance || *time > after + tolerance) return nothing;
  const std::size_t i = request.view.nearest(*time);
  return {request.view.x(i), look.cache(model).values(request)[i]};
}

double rules_sign(const RunData& run, int measure) {
  if (!measures()[static_cast<std::size_t>(measure)].has_rules_sign) return 1;
  const RuleDescriptor* rule = find_rule(run.rule);
  return rule ? rule->alignment_sign : 1;
}

std::vector<int> pick_layer_measure(const ScopeModel& model) {
  const auto& all = measures();
  const int preferred = measure_index(measure_keys::cos_b_j);
  if (preferred >= 0 && model.measure_has_data(preferred, true)) return {preferred};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int index = static_cast<int>(i);
    if (all[i].per_point && all[i].quantity == Quantity::cosine && model.measure_has_data(index, true))
      return {index};
  }
  return preferred >= 0 ? std::vector<int>{preferred} : std::vector<int>();
}

}  // namespace grapevine
