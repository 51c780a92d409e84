// How the figures are laid out, as text.
#include "ui/scope/scope_memory.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

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
  if (state.added) figure["added"] = true;
  if (state.chosen) figure["measures"] = keys;
  if (state.across >= 0) figure["across"] = measures()[static_cast<std::size_t>(state.across)].key;
  if (state.log_across) figure["log_across"] = true;
  if (state.column >= 0) figure["column"] = state.column;
  if (state.weight > 0) figure["weight"] = state.weight;
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
  state.across = measure_index(figure.value("across", std::string()));
  state.log_across = figure.value("log_across", false);
  state.column = std::clamp(figure.value("column", -1), -1, 1);
  const double weight = figure.value("weight", 0.0);
  state.weight = weight > 0 && weight < 1e6 ? weight : 0;
  state.y_fixed = figure.contains("height");
  if (!state.y_fixed) return;
  state.y_lo = figure.at("height").at(0).get<double>();
  state.y_hi = figure.at("height").at(1).get<double>();
  state.y_fixed = state.y_hi > state.y_lo;
}

/// The first layouts named no figures: they were these, in this order.
constexpr std::array kFirstFigures = {"accuracy", "loss", "layers", "heat_map", "events", "stage", "plane"};

/// In the layout's order; what it says nothing of stays as it is, behind. Figures of other versions are left
/// out.
std::vector<FigureState> arranged(const Json& wanted, const std::vector<FigureState>& now) {
  std::vector<FigureState> figures;
  std::set<std::string> there;
  for (std::size_t i = 0; i < wanted.size() && figures.size() < kMostFigures; ++i) {
    const std::string first = i < kFirstFigures.size() ? kFirstFigures[i] : "";
    const std::string key = wanted[i].value("key", first);
    const bool added = wanted[i].value("added", false);
    const auto kind = std::find_if(now.begin(), now.end(), [&](const FigureState& state) {
      return !state.added && state.entry->traits().key == key;
    });
    if (kind == now.end() || (!added && !there.insert(key).second)) continue;
    FigureState state = *kind;
    state.added = added;
    read(wanted[i], state);
    figures.push_back(state);
  }
  for (const FigureState& state : now)
    if (!state.added && !there.contains(state.entry->traits().key)) figures.push_back(state);
  return figures;
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
  if (model.log_time()) layout["log_time"] = true;
  if (model.stage_share > 0) layout["stage_share"] = model.stage_share;
  if (model.column_share != 0.5) layout["column_share"] = model.column_share;
  if (time == WithTime::yes && !model.follow()) layout["time"] = {model.range(-1).lo, model.range(-1).hi};
  return layout.dump();
}

bool apply_scope_layout(ScopeModel& model, std::string_view text) {
  const Json layout = Json::parse(text, nullptr, false);
  if (!layout.is_object() || layout.value("version", 0) != kVersion) return false;
  // Into a copy first: half a layout is none.
  try {
    const std::vector<FigureState> figures = arranged(layout.at("figures"), model.figures());
    const int axis = layout.value("axis", 0);
    const double stage_share = std::clamp(layout.value("stage_share", 0.0), 0.0, 0.95);
    const double column_share = std::clamp(layout.value("column_share", 0.5), 0.25, 0.75);
    const bool log_time = layout.value("log_time", false);
    if (axis >= 0 && axis <= static_cast<int>(kLastTimeAxis))
      model.set_time_axis(static_cast<TimeAxis>(axis));
    model.set_smoothing(layout.value("smoothing", model.smoothing()));
    model.set_linked(layout.value("linked", true));
    model.dashes_everywhere = layout.value("dashes", false);
    model.degrees = layout.value("degrees", false);
    model.view = layout.value("stage", true) ? ScopeView::stage : ScopeView::figures;
    model.figures() = figures;
    model.chosen_figure = model.hovered_figure = -1;
    model.stage_share = stage_share;
    model.column_share = column_share;
    model.set_log_time(log_time);
    if (layout.contains("time"))
      model.set_range(-1, {layout.at("time").at(0).get<double>(), layout.at("time").at(1).get<double>()});
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

}  // namespace grapevine
