// How the figures are laid out, as text.
#include "ui/scope/scope_memory.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

#include "ui/scope/figure_entry.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;

Json written(const FigureState& state) {
  Json keys = Json::array();
  for (const int measure : state.measures)
    if (measure >= 0) keys.push_back(measures()[static_cast<std::size_t>(measure)].key);
  Json figure = {{"key", state.entry->traits().key}, {"shown", state.shown}, {"log", state.log}};
  if (state.chosen) figure["measures"] = keys;
  if (state.y_fixed) figure["height"] = {state.y_lo, state.y_hi};
  return figure;
}

void read(const Json& figure, FigureState& state) {
  state.shown = figure.value("shown", true);
  state.log = figure.value("log", false);
  state.chosen = figure.contains("measures");
  if (state.chosen) {
    state.measures.clear();
    for (const Json& key : figure.at("measures"))
      if (const int measure = measure_index(key.get<std::string>()); measure >= 0)
        state.measures.push_back(measure);
    state.chosen = !state.measures.empty();
  }
  state.y_fixed = figure.contains("height");
  if (!state.y_fixed) return;
  state.y_lo = figure.at("height").at(0).get<double>();
  state.y_hi = figure.at("height").at(1).get<double>();
  state.y_fixed = state.y_hi > state.y_lo;
}

/// The first layouts named no figures: they were these, in this order.
constexpr std::array kFirstFigures = {"accuracy", "loss", "layers", "heat_map", "events", "stage", "plane"};

/// What a layout says of a figure; nothing where it says nothing.
const Json* wanted_of(const Json& wanted, const std::string& key) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string first = i < kFirstFigures.size() ? kFirstFigures[i] : "";
    if (wanted[i].value("key", first) == key) return &wanted[i];
  }
  return nullptr;
}

}  // namespace

std::string scope_layout(const ScopeModel& model, WithTime time) {
  Json figures = Json::array();
  for (const FigureState& state : model.figures()) figures.push_back(written(state));
  Json layout = {{"version", kVersion},
                 {"stage", model.view == ScopeView::stage},
                 {"axis", static_cast<int>(model.time_axis())},
                 {"smoothing", model.smoothing()},
                 {"linked", model.linked()},
                 {"dashes", model.dashes_everywhere},
                 {"degrees", model.degrees},
                 {"figures", figures}};
  if (time == WithTime::yes && !model.follow()) layout["time"] = {model.range(-1).lo, model.range(-1).hi};
  return layout.dump();
}

bool apply_scope_layout(ScopeModel& model, std::string_view text) {
  const Json layout = Json::parse(text, nullptr, false);
  if (!layout.is_object() || layout.value("version", 0) != kVersion) return false;
  // Into a copy first: half a layout is none.
  std::vector<FigureState> figures = model.figures();
  try {
    const Json& wanted = layout.at("figures");
    for (FigureState& figure : figures)
      if (const Json* its = wanted_of(wanted, figure.entry->traits().key)) read(*its, figure);
    const int axis = layout.value("axis", 0);
    if (axis >= 0 && axis <= static_cast<int>(TimeAxis::seconds))
      model.set_time_axis(static_cast<TimeAxis>(axis));
    model.set_smoothing(layout.value("smoothing", model.smoothing()));
    model.set_linked(layout.value("linked", true));
    model.dashes_everywhere = layout.value("dashes", false);
    model.degrees = layout.value("degrees", false);
    model.view = layout.value("stage", true) ? ScopeView::stage : ScopeView::figures;
    model.figures() = figures;
    if (layout.contains("time"))
      model.set_range(-1, {layout.at("time").at(0).get<double>(), layout.at("time").at(1).get<double>()});
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

}  // namespace grapevine
