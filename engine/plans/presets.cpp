// Reading the catalogue. A preset is a table's "settings", then its data set's, its model's, the model's
// "racers" as the race, then (calibrated form) calibration.every for the rules in "calibrated", and (lesson,
// which leaves out the racers in "lessons_without") the model's "lesson" over everything, also over what
// racers have for themselves. A table's "figure" is its presets at other intervals of calibration.
#include "engine/plans/presets.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/shown.h"
#include "engine/files/memory.h"
#include "engine/plans/plan.h"
#include "engine/plans/resource_files.h"
#include "engine/plans/sweep_presets.h"

namespace grapevine {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* catalogue_file = "presets/catalogue.json";

/// A place in a table: which data, which model, calibrated every how many epochs (0 = not), in full or small.
struct Cell {
  const Json& catalogue;
  const Json& table;
  std::string data_key, model_key;
  const Json& data;
  const Json& model;
  int calibration = 0;
  bool lesson = false;
  const Json* figure = nullptr;  ///< of the table's settings, for this figure
};

const Json& part(const Json& object, const char* key) {
  static const Json nothing = Json::object();
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

/// "table2", "figure2"; "Table 2", "Figure 2".
std::string place_name(const Cell& cell) {
  const std::string table = "table" + cell.table.at("table").get<std::string>();
  return cell.figure ? cell.figure->at("name").get<std::string>() : cell.table.value("name", table);
}
std::string place_title(const Cell& cell) {
  if (cell.figure) return cell.figure->at("title").get<std::string>();
  return cell.table.contains("name") ? cell.table.at("title").get<std::string>()
                                     : "Table " + cell.table.at("table").get<std::string>();
}

std::string name_of(const Cell& cell) {
  return place_name(cell) + "-" + cell.data_key + "-" + cell.model_key +
         (cell.calibration > 0 ? "-t" + std::to_string(cell.calibration) : "") +
         (cell.lesson ? "-lesson" : "");
}

/// Of what is trained on: a lesson may take smaller data of the same kind.
std::string data_title(const Cell& cell) {
  const Json& own = part(part(cell.model, "lesson"), "data");
  const DataDescriptor* data =
      cell.lesson && own.contains("name") ? find_data(own.at("name").get<std::string>()) : nullptr;
  return data ? data->name : cell.data.at("title").get<std::string>();
}

std::string title_of(const Cell& cell) {
  std::string title =
      cell.lesson ? "Lesson on table " + cell.table.at("table").get<std::string>() : place_title(cell);
  title += ": " + cell.model.at("title").get<std::string>() + " on " + data_title(cell);
  if (cell.calibration == 1) title += ", calibrated every epoch";
  if (cell.calibration > 1) title += ", calibrated every " + std::to_string(cell.calibration) + " epochs";
  return title;
}

bool holds(const Json& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool takes_part(const Cell& cell, const std::string& key, const std::string& rule) {
  if (cell.lesson && holds(part(cell.table, "lessons_without"), key)) return false;
  return cell.calibration == 0 || holds(part(cell.table, "calibrated"), rule);
}

/// Numbers that a text prints outside its tables, at the racer that they are of.
std::vector<PublishedResult> published_beside(const Cell& cell, const Json& racer) {
  std::vector<PublishedResult> all;
  for (const Json& one : part(racer, "published")) {
    PublishedResult result{one.at("paper"), cell.table.at("table"), one.at("metric"), one.at("mean")};
    if (one.contains("std")) result.spread = one.at("std");
    all.push_back(std::move(result));
  }
  return all;
}

std::vector<PublishedResult> published_for(const Cell& cell, const std::string& rule, const Json& racer) {
  if (cell.lesson || cell.figure) return {};
  if (!cell.table.value("published", true)) return published_beside(cell, racer);
  const Json& paper = part(cell.model, "paper");
  PublishedCell place{cell.data_key, paper.value("model", cell.model_key), paper.value("feedback", ""), rule,
                      cell.calibration};
  // The 2025 text calls its own update GrAPE; here that is another rule.
  const bool of_2025 = rule == rule_keys::grape2025;
  if (of_2025) place.method = rule_keys::grape;
  std::vector<PublishedResult> all = published_results(place);
  std::erase_if(all, [&](const PublishedResult& result) {
    return place.method == rule_keys::grape && (result.paper == "grape-2025") != of_2025;
  });
  return all;
}

/// A lesson's settings win over those that a racer has for itself, group by group.
void make_small(Json& racer, const Json& lesson) {
  for (const auto& [group, settings] : lesson.items())
    if (racer.contains(group)) racer[group].merge_patch(settings);
}

Preset preset_of(const Cell& cell) {
  Preset preset;
  preset.name = name_of(cell);
  preset.title = title_of(cell);
  preset.table = cell.table.at("table");
  preset.lesson = cell.lesson;
  const auto say = [&](const Json& where, const char* what) {
    for (const Json& sentence : part(where, what)) preset.chosen.push_back(sentence.get<std::string>());
  };
  for (const Json* where : {&cell.table, &cell.data, &cell.model}) say(*where, "chosen");
  if (cell.figure) say(*cell.figure, "chosen");
  say(cell.catalogue, "departures");
  if (cell.calibration > 0) say(cell.catalogue, "departures_calibrated");

  Json document{{"name", preset.name}, {"data", {{"name", cell.data_key}}}};
  for (const Json* where : {&cell.table, &cell.data, &cell.model})
    document.merge_patch(part(*where, "settings"));
  const Json& lesson = cell.lesson ? part(cell.model, "lesson") : Json::object();
  document.merge_patch(lesson);
  if (cell.calibration == 0) document.erase("calibration");
  Json race = Json::array();
  for (Json racer : cell.model.at("racers")) {
    const std::string rule = racer.at("rule").at("name"), key = racer.value("racer", rule);
    if (!takes_part(cell, key, rule)) continue;
    const std::vector<PublishedResult> published = published_for(cell, rule, racer);
    racer.erase("racer");
    racer.erase("published");
    if (cell.calibration == 0) racer.erase("calibration");
    make_small(racer, lesson);
    race.push_back(racer);
    preset.racers.push_back({key, published});
  }
  if (cell.calibration > 0)
    document["calibration"].merge_patch(Json{{"when", "epochs"}, {"every", cell.calibration}});
  document["race"] = race;
  preset.experiment = document.dump(2);
  return preset;
}

/// The same with calibrations at other intervals, as a figure has them.
void add_figure(Cell cell, std::vector<Preset>& all) {
  const auto figure = cell.table.find("figure");
  if (figure == cell.table.end()) return;
  cell.figure = &*figure;
  for (const Json& every : part(*figure, "calibrations")) {
    cell.calibration = every;
    all.push_back(preset_of(cell));
  }
}

void add_table(const Json& catalogue, const Json& table, std::vector<Preset>& all) {
  std::vector<Preset> lessons;
  for (const auto& [data_key, data] : table.at("data").items())
    for (const auto& [model_key, model] : table.at("models").items()) {
      Cell cell{catalogue, table, data_key, model_key, data, model};
      all.push_back(preset_of(cell));
      for (const Json& every : part(table, "calibrations")) {
        cell.calibration = every;
        all.push_back(preset_of(cell));
      }
      add_figure(cell, all);
      if (!model.contains("lesson")) continue;
      cell.lesson = true;
      cell.calibration = 0;
      lessons.push_back(preset_of(cell));
      // A lesson is too short for any other interval than an epoch.
      if (part(table, "calibrations").empty()) continue;
      cell.calibration = 1;
      lessons.push_back(preset_of(cell));
    }
  std::move(lessons.begin(), lessons.end(), std::back_inserter(all));
}

Preset first_race() {
  Preset preset;
  preset.name = "first-race";
  preset.title = "First race: BP, DFA, GrAPE and residual alignment on Fashion-MNIST";
  const ExperimentPlan plan = first_experiment();
  for (const Experiment& racer : plan.racers) preset.racers.push_back({racer.rule(), {}});
  preset.experiment = plan_to_json(plan).dump(2);
  return preset;
}

std::vector<Preset> read_presets() {
  std::vector<Preset> all{first_race()};
  try {
    within_memory("", catalogue_file, [&] {
      const Json catalogue =
          Json::parse(read_resource(catalogue_file), nullptr, true, /*ignore_comments=*/true);
      for (const Json& table : catalogue.at("tables")) add_table(catalogue, table, all);
    });
  } catch (const Json::exception& error) {
    throw RunError(std::string(catalogue_file) + " is damaged (" + error.what() +
                   "); install Grapevine again");
  }
  return all;
}

[[noreturn]] void refuse(const std::string& what, const std::string& word,
                         const std::vector<std::string>& known) {
  std::string near;
  for (const std::string& name : nearest_words(word, known, 3)) near += (near.empty() ? "" : ", ") + name;
  throw InputError(
      what + (near.empty() ? "; `grapevine-cli presets` lists the presets" : "; did you mean " + near + "?"));
}

std::string number_text(double value) {
  return nlohmann::json(value).dump();
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = read_presets();
  return all;
}

const Preset* find_preset(std::string_view name) {
  for (const Preset& preset : presets())
    if (preset.name == name) return &preset;
  return nullptr;
}

namespace {

/// Rules between commas, given where an experiment is asked for.
bool names_rules(std::string_view word) {
  for (std::size_t at = 0; at <= word.size();) {
    const std::size_t end = std::min(word.find(',', at), word.size());
    if (!find_rule(word.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

}  // namespace

std::string preset_document(std::string_view word) {
  const std::size_t colon = word.find(':');
  const std::string name(word.substr(0, colon));
  const Preset* preset = find_preset(name);
  if (!preset && find_sweep_preset(name))
    throw InputError("'" + name + "' is a sweep: grapevine-cli sweep " + name + " trains its cells");
  if (!preset && names_rules(name))
    throw InputError(name.find(',') == std::string::npos
                         ? "'" + name + "' is a learning rule: --set rule.name=" + name + " trains with it"
                         : "'" + name + "' are learning rules: grapevine-cli race --rules " + name);
  if (!preset) {
    std::vector<std::string> names;
    for (const Preset& known : presets()) names.push_back(known.name);
    refuse("there is no experiment file and no preset '" + shown(name) + "'", name, names);
  }
  if (colon == std::string_view::npos) return preset->experiment;
  const std::string key(word.substr(colon + 1));
  Json document = Json::parse(preset->experiment);
  const Json race = document.at("race");
  document.erase("race");
  for (std::size_t i = 0; i < race.size(); ++i)
    if (preset->racers.at(i).key == key) {
      document.merge_patch(race[i]);
      return document.dump(2);
    }
  std::string known;
  for (const PresetRacer& racer : preset->racers) known += (known.empty() ? "" : ", ") + racer.key;
  throw InputError("preset " + name + " has no racer '" + key + "'; it has " + known);
}

std::string published_text(const PresetRacer& racer) {
  if (racer.published.empty()) return "";
  const PublishedResult& result = racer.published.front();
  return number_text(result.mean) + (std::isnan(result.spread) ? "" : " ± " + number_text(result.spread));
}

std::string preset_file(const Preset& preset) {
  std::string text = "// " + preset.title + "\n";
  for (const std::string& sentence : preset.chosen) text += "// Chosen: " + sentence + ".\n";
  for (const PresetRacer& racer : preset.racers)
    for (const PublishedResult& result : racer.published) {
      const PresetRacer one{racer.key, {result}};
      text += "// Published: " + racer.key + " " + published_text(one) +
              (result.metric == "perplexity" ? " perplexity" : " %") + " (" + result.paper + ", table " +
              result.table + ")\n";
    }
  return text + preset.experiment + "\n";
}

}  // namespace grapevine
