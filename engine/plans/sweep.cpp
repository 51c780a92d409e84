#include "engine/plans/sweep.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/content_uuid.h"
#include "engine/experiment/experiment_json.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/experiment/shown.h"
#include "engine/files/home.h"
#include "engine/files/memory.h"
#include "engine/plans/documents.h"
#include "engine/plans/plan.h"
#include "engine/plans/presets.h"
#include "engine/plans/sweep_presets.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_cells = 100000;
constexpr const char* racer_key = "racer";

/// One column of the grid: overrides of the experiment with the text that tells them apart.
struct Column {
  std::string key;
  std::vector<std::pair<Json, std::string>> values;
};

std::string text_of(const Json& value) {
  // As settings are typed: 1e+09, and not JSON's 1000000000.0.
  constexpr double large = 1e6;
  if (value.is_number_float() && std::abs(value.get<double>()) >= large)
    return to_text(Value(value.get<double>()));
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void check_members(const Json& document) {
  if (!document.is_object()) throw InputError("a sweep must be one JSON object with experiment and grid");
  const std::vector<std::string> known{"name", "title", "experiment", "grid"};
  for (const auto& [key, value] : document.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::vector<std::string> near = nearest_words(key, known, 1);
    throw InputError("a sweep has no key '" + shown(key) + "'" +
                     (near.empty() ? "; it has name, title, experiment and grid (settings go into experiment)"
                                   : "; did you mean " + near.front() + "?"));
  }
  for (const char* key : {"name", "title"})
    if (document.contains(key) && !document[key].is_string())
      throw InputError(key + ("=" + document[key].dump()) + " is not allowed: expected text");
}

Json experiment_of(const Json& document) {
  const auto found = document.find("experiment");
  if (found == document.end()) return Json::object();
  if (found->is_string()) return Json::parse(preset_document(found->get<std::string>()));
  if (!found->is_object())
    throw InputError("experiment=" + found->dump() +
                     " is not allowed: expected an object of settings or a preset's name");
  return nested_document(*found);
}

/// The grid as it is when it lists the key's values, else with those that are usual.
void add_tuned(Json& document, const std::string& key) {
  const auto grid = document.find("grid");
  if (grid != document.end() && (!grid->is_object() || grid->contains(key))) return;
  const bool is_known = find_setting(key, "") ||
                        std::any_of(rules().begin(), rules().end(),
                                    [&](const auto& rule) { return find_setting(key, rule.key) != nullptr; });
  if (!is_known)
    throw InputError("--tune " + shown(key) + ": there is no such setting" + advice_for(key, ""));
  if (key != "optimizer.lr")
    throw InputError("--tune " + key + ": list the values to try, as \"grid\": {\"" + key + "\": [...]}");
  document["grid"][key] = {0.0001, 0.0003, 0.001, 0.003};
}

std::vector<Column> columns_of(const Json& document, Json& experiment) {
  std::vector<Column> columns;
  if (experiment.contains("race")) {
    const ExperimentPlan plan = make_plan(experiment.dump(), "experiment", {});
    const std::vector<std::string> labels = racer_labels(plan.racers);
    Column racers{racer_key, {}};
    for (std::size_t i = 0; i < plan.racers.size(); ++i)
      racers.values.emplace_back(nested_document(experiment["race"][i]), labels[i]);
    experiment.erase("race");
    columns.push_back(std::move(racers));
  }
  const auto grid = document.find("grid");
  const std::string example = "a sweep needs what to vary, as \"grid\": {\"seed\": [0, 1, 2]}";
  if (grid == document.end()) throw InputError("grid is missing: " + example);
  if (!grid->is_object())
    throw InputError("grid=" + shown(grid->dump()) + " is not allowed: expected keys with lists of values; " +
                     example);
  if (grid->empty()) throw InputError("grid is empty: " + example);
  for (const auto& [key, values] : grid->items()) {
    if (!values.is_array())
      throw InputError("grid." + shown(key) + "=" + shown(values.dump()) +
                       " is not allowed: expected a list of values");
    if (values.empty())
      throw InputError("grid." + shown(key) + "=[] is not allowed: it needs at least one value");
    if (key == "rule.name" && !columns.empty() && columns.front().key == racer_key)
      throw InputError("grid.rule.name: the experiment is a race, whose racers have their rules");
    Column column{key, {}};
    for (const Json& value : values)
      column.values.emplace_back(nested_document(Json{{key, value}}), text_of(value));
    columns.push_back(std::move(column));
  }
  return columns;
}

std::string rule_of_document(const Json& document) {
  const std::string named = rule_named_in(document);
  return named.empty() ? Experiment().rule() : named;
}

/// Settings of a rule go to the cells whose rule has them, as in a race; `used` learns which were taken.
SweepCell make_cell(Json document, const std::vector<Column>& columns, const std::vector<std::size_t>& choice,
                    std::vector<bool>& used) {
  // What decides the rule comes first.
  std::vector<std::size_t> order;
  for (std::size_t c = 0; c < columns.size(); ++c) order.push_back(c);
  std::stable_partition(order.begin(), order.end(), [&](std::size_t c) {
    return columns[c].key == racer_key || columns[c].key == "rule.name";
  });
  std::vector<bool> taken(columns.size(), false);
  for (const std::size_t c : order) {
    const std::string& key = columns[c].key;
    const std::string rule = rule_of_document(document);
    if (key.starts_with("rule.") && key != "rule.name" && find_rule(rule) && !find_setting(key, rule))
      continue;
    document = merged_documents(document, columns[c].values[choice[c]].first);
    taken[c] = used[c] = true;
  }
  SweepCell cell{Experiment::from_json(document), {}};
  // As in a race: calibration goes to the direct rules.
  if (columns.front().key == racer_key && !find_rule(cell.experiment.rule())->calibrates)
    cell.experiment.set("calibration.when", std::string("never"));
  for (std::size_t c = 0; c < columns.size(); ++c)
    if (taken[c]) cell.settings.emplace_back(columns[c].key, columns[c].values[choice[c]].second);
  return cell;
}

/// The next choice, the last column fastest; false after the last one.
bool advance(const std::vector<Column>& columns, std::vector<std::size_t>& choice) {
  for (std::size_t c = columns.size(); c-- > 0;) {
    if (++choice[c] < columns[c].values.size()) return true;
    choice[c] = 0;
  }
  return false;
}

void add_cells(Sweep& sweep, const Json& experiment, const std::vector<Column>& columns) {
  double count = 1;
  for (const Column& column : columns) count *= static_cast<double>(column.values.size());
  if (count > static_cast<double>(most_cells))
    throw InputError("the grid has more than " + std::to_string(most_cells) + " cells; sweep fewer values");
  std::vector<std::size_t> choice(columns.size(), 0);
  std::vector<bool> used(columns.size(), false);
  do {
    SweepCell cell = make_cell(experiment, columns, choice, used);
    const bool twin = std::any_of(sweep.cells.begin(), sweep.cells.end(), [&](const SweepCell& other) {
      return other.experiment == cell.experiment;
    });
    if (!twin) sweep.cells.push_back(std::move(cell));
  } while (advance(columns, choice));
  for (std::size_t c = 0; c < columns.size(); ++c)
    if (!used[c])
      throw InputError("grid." + columns[c].key + ": no cell's rule has this setting" +
                       advice_for(columns[c].key, sweep.cells.front().experiment.rule()));
}

void apply_overrides(Sweep& sweep, const Overrides& overrides) {
  for (const std::string& set : overrides.sets) {
    const std::string key = set.substr(0, set.find('='));
    if (std::find(sweep.keys.begin(), sweep.keys.end(), key) != sweep.keys.end() || key == "rule.name")
      throw InputError("--set " + set + ": " +
                       (key == "rule.name" ? "name the rule in the sweep's experiment or grid"
                                           : "the grid sweeps this setting"));
  }
  ExperimentPlan plan;
  for (const SweepCell& cell : sweep.cells) plan.racers.push_back(cell.experiment);
  apply_sets(overrides.sets, plan);
  for (std::size_t i = 0; i < sweep.cells.size(); ++i) sweep.cells[i].experiment = plan.racers[i];
}

bool of_the_machine(std::string_view key) {
  const Setting* setting = find_setting(key, "");
  return setting && setting->scope == Scope::machine;
}

std::string identity_of(const Json& experiment, const std::vector<std::string>& keys,
                        const std::vector<std::string>& sets) {
  Json plain = experiment;
  for (const Setting& setting : experiment_settings())
    if (setting.scope == Scope::machine) plain.erase(setting.key);
  Json all{{"experiment", plain}, {"keys", keys}, {"sets", Json::array()}};
  for (const std::string& set : sets)
    if (!of_the_machine(set.substr(0, set.find('=')))) all["sets"].push_back(set);
  return all.dump();
}

}  // namespace

std::string SweepCell::label() const {
  std::string text;
  for (const auto& [key, value] : settings) text += (text.empty() ? "" : " ") + key + "=" + value;
  return text;
}

bool same_but_for_machine(const Experiment& one, const Experiment& other) {
  if (one.rule() != other.rule()) return false;
  for (const auto& [key, value] : one.entries())
    if (other.value(key) != value && !of_the_machine(key)) return false;
  return true;
}

bool is_of_cell(const Sweep& sweep, const SweepCell& cell, const Experiment& stored,
                const std::map<std::string, std::string>& asked) {
  if (!same_but_for_machine(cell.experiment, stored)) return false;
  return std::all_of(sweep.keys.begin(), sweep.keys.end(), [&](const std::string& key) {
    if (!of_the_machine(key)) return true;
    const auto found = asked.find(key);
    return to_text(cell.experiment.value(key)) ==
           (found == asked.end() ? to_text(stored.value(key)) : found->second);
  });
}

Sweep make_sweep(std::string_view text, std::string_view source, const Overrides& overrides,
                 const std::string& tuned) {
  Json document = parse_document(text, source);
  try {
    check_members(document);
    if (!tuned.empty()) add_tuned(document, tuned);
    Json experiment = experiment_of(document);
    if (const std::string name = document.value("name", ""); !name.empty()) experiment["name"] = name;
    Sweep sweep;
    const Json whole = experiment;  // with its racers, which belong to what is swept
    const std::vector<Column> columns = columns_of(document, experiment);
    for (const Column& column : columns) sweep.keys.push_back(column.key);
    sweep.uuid = uuid_of_content(identity_of(whole, sweep.keys, overrides.sets));
    add_cells(sweep, experiment, columns);
    apply_overrides(sweep, overrides);
    for (const SweepCell& cell : sweep.cells)
      if (const auto complaints = cell.experiment.complaints(); !complaints.empty())
        throw InputError("cell " + cell.label() + ": " + complaints.front().message);
    return sweep;
  } catch (const InputError& error) {
    if (std::string_view(error.what()).starts_with("--")) throw;
    throw InputError(std::string(source) + ": " + error.what());
  }
}

Sweep load_sweep(const std::string& given, const Overrides& overrides, const std::string& tuned) {
  return within_memory("", given, [&] {
    const std::string path = with_home(given);
    return make_sweep(sweep_document(path), path, overrides, tuned);
  });
}

Sweep load_sweep_over(const std::string& grid, const std::string& experiment, const Overrides& overrides) {
  if (experiment.empty()) return load_sweep(grid, overrides);
  return within_memory("", grid, [&] {
    const std::string path = with_home(grid);
    Json document = parse_document(sweep_document(path), path);
    if (!document.is_object()) check_members(document);
    document["experiment"] = plan_to_json(load_plan(experiment, {}));
    return make_sweep(document.dump(), path, overrides);
  });
}

}  // namespace grapevine
