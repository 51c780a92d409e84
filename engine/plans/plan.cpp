// Experiment files and command lines: one document, overrides, one racer or several.
#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/experiment/shell_word.h"
#include "engine/experiment/shown.h"
#include "engine/files/home.h"
#include "engine/files/memory.h"
#include "engine/plans/documents.h"
#include "engine/plans/plan.h"
#include "engine/plans/presets.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

struct Assignment {
  std::string key, text;
  std::string given;
};

Assignment split(const std::string& given) {
  const std::size_t equals = given.find('=');
  if (equals == std::string::npos || equals == 0)
    throw InputError("--set " + shown(given) + ": expected KEY=VALUE, as in --set optimizer.lr=0.001");
  return {given.substr(0, equals), given.substr(equals + 1), given};
}

// "grape.align_rate" of rule grape becomes "rule.align_rate"; "" when the key belongs to no rule by name.
std::string rule_of_key(const std::string& key) {
  const std::size_t dot = key.find('.');
  if (dot == std::string::npos) return "";
  const std::string head = key.substr(0, dot);
  return find_rule(head) ? head : "";
}

// Says why no racer takes a setting.
[[noreturn]] void refuse(const Assignment& set, const std::string& owner, const std::string& key,
                         ExperimentPlan& plan) {
  if (!owner.empty()) {
    Experiment(owner).set_text(key, set.text);  // says which settings the rule has
    const bool one = plan.racers.size() == 1;
    throw InputError("--set " + shown(set.given) + ": " +
                     (one ? "the rule is " + plan.racers.front().rule() + ", not " : "no racer runs rule ") +
                     owner);
  }
  // In a race the nearest key is looked for in all racers' rules.
  for (const auto& racer : plan.racers) {
    const std::string near = nearest_key(key, racer.rule());
    if (near.starts_with("rule.") && near != "rule.name")
      throw InputError("there is no setting '" + shown(key) + "' for any of these rules; did you mean " +
                       near + "?");
  }
  plan.racers.front().set_text(key, set.text);  // says what is wrong
  throw InputError("--set " + shown(set.given) + ": no racer has this setting");
}

void apply(const std::vector<Assignment>& sets, ExperimentPlan& plan, bool rules_decided) {
  for (const auto& set : sets) {
    if (set.key == "rule.name") {
      if (rules_decided)
        throw InputError("--set " + shown(set.given) +
                         ": a race has its rules from --rules or the experiment's race list");
      for (auto& racer : plan.racers) racer.set_text(set.key, set.text);
    }
  }
  for (const auto& set : sets) {
    if (set.key == "rule.name") continue;
    const std::string owner = rule_of_key(set.key);
    const std::string key = owner.empty() ? set.key : "rule." + set.key.substr(owner.size() + 1);
    bool taken = false;
    for (auto& racer : plan.racers) {
      if (!owner.empty() && racer.rule() != owner) continue;
      // In a race a rule's setting goes to the racers that have it.
      if (plan.racers.size() > 1 && !find_setting(key, racer.rule())) continue;
      racer.set_text(key, set.text);
      taken = true;
    }
    if (taken) continue;
    refuse(set, owner, key, plan);
  }
  // Who lists layers means them, as in a file.
  const auto given = [&](const char* key) {
    return std::any_of(sets.begin(), sets.end(), [&](const Assignment& set) { return set.key == key; });
  };
  if (!given("model.segments") || given("model.name")) return;
  for (auto& racer : plan.racers)
    if (!ModelSettings::of(racer).segments.empty()) racer.set("model.name", std::string(model_keys::custom));
}

// A list entry of "race": overrides of the common document.
std::vector<Json> race_entries(Json& document, std::string_view source) {
  const auto found = document.find("race");
  if (found == document.end()) return {};
  if (!found->is_array() || found->empty())
    throw InputError(std::string(source) + ": race must be a list of overrides, one racer each");
  std::vector<Json> entries;
  for (const auto& entry : *found) {
    if (!entry.is_object())
      throw InputError(std::string(source) +
                       ": race: each entry must be an object of settings, as {\"rule\": {\"name\": " +
                       (entry.is_string() ? entry.dump() : "\"dfa\"") + "}}");
    entries.push_back(nested_document(entry));
  }
  document.erase("race");
  return entries;
}

// Rules that the document's race has bring their racers along; others run with the common settings.
void add_rules(ExperimentPlan& plan, const Json& common, const std::vector<Json>& entries,
               const std::vector<std::string>& rules) {
  for (const std::string& rule : rules) {
    if (rule.empty())
      throw InputError("--rules: a name is missing between two commas or at an end; give them as bp,dfa");
    if (!find_rule(rule)) {
      std::string known;
      for (const auto& descriptor : grapevine::rules()) known += (known.empty() ? "" : ", ") + descriptor.key;
      std::vector<std::string> keys;
      for (const auto& descriptor : grapevine::rules()) keys.push_back(descriptor.key);
      const std::vector<std::string> near = nearest_words(rule, keys, 1);
      throw InputError("--rules: there is no learning rule '" + shown(rule) + "'; known are " + known +
                       (near.empty() ? "" : "; did you mean " + near.front() + "?"));
    }
    const std::size_t before = plan.racers.size();
    for (const Json& entry : entries)
      if (rule_named_in(entry) == rule)
        plan.racers.push_back(Experiment::from_json(merged_documents(common, entry)));
    if (plan.racers.size() > before) continue;
    plan.racers.push_back(Experiment::from_json(merged_documents(common, Json{{"rule", {{"name", rule}}}})));
  }
}

bool same_apart_from_rule(const Experiment& a, const Experiment& b) {
  for (const auto& [key, value] : a.entries())
    if (!key.starts_with("rule.") && b.value(key) != value) return false;
  return true;
}

// A race runs on the same weights and batches.
void check_common(const ExperimentPlan& plan, std::string_view source) {
  for (const auto& racer : plan.racers)
    for (const Setting& setting : experiment_settings())
      if (setting.scope != Scope::run && racer.value(setting.key) != plan.racers.front().value(setting.key))
        throw InputError((source.empty() ? "" : std::string(source) + ": ") + setting.key +
                         " differs between racers: a race runs on the same weights and batches, so "
                         "it must be the same for all");
}

// Calibration is the race's, and goes with the direct rules alone: BP next to them has nothing to calibrate.
// A race without any direct rule keeps the setting, so that it is refused.
void spare_rules_without_calibration(ExperimentPlan& plan) {
  const auto calibrates = [](const Experiment& racer) { return find_rule(racer.rule())->calibrates; };
  if (std::none_of(plan.racers.begin(), plan.racers.end(), calibrates)) return;
  for (auto& racer : plan.racers)
    if (!calibrates(racer)) racer.set("calibration.when", std::string("never"));
}

// "BP 1", "BP 2" for racers that nothing tells apart.
void number_twins(std::vector<std::string>& labels) {
  std::map<std::string, int> bearers, before;
  for (const std::string& label : labels) ++bearers[label];
  for (std::string& label : labels)
    if (bearers[label] > 1) label += " " + std::to_string(++before[label]);
}

/// The keys, by rule, that racers of one rule differ in.
std::map<std::string, std::set<std::string>> differing_keys(const std::vector<Experiment>& racers) {
  std::map<std::string, std::set<std::string>> keys;
  std::map<std::string, const Experiment*> firsts;
  for (const Experiment& racer : racers) {
    const Experiment& first = *firsts.try_emplace(racer.rule(), &racer).first->second;
    for (const auto& [key, value] : racer.entries())
      if (first.has(key) && first.value(key) != value) keys[racer.rule()].insert(key);
  }
  return keys;
}

}  // namespace

ExperimentPlan make_plan(std::string_view document, std::string_view source, const Overrides& overrides) {
  Json common = document.empty() ? Json::object() : parse_document(document, source);
  if (!common.is_object()) throw InputError(std::string(source) + ": an experiment must be a JSON object");
  refuse_other_kinds(common, source);
  std::vector<Assignment> sets;
  for (const auto& given : overrides.sets) sets.push_back(split(given));

  ExperimentPlan plan;
  try {
    const std::vector<Json> entries = race_entries(common, source);
    common = nested_document(common);
    if (!overrides.rules.empty()) {
      add_rules(plan, common, entries, overrides.rules);
      plan.is_race = true;
    } else if (!entries.empty()) {
      for (const auto& entry : entries)
        plan.racers.push_back(Experiment::from_json(merged_documents(common, entry)));
      plan.is_race = true;
    } else {
      plan.racers.push_back(Experiment::from_json(common));
    }
  } catch (const InputError& error) {
    // Mistakes in the command line name themselves; those in a file name the file.
    if (std::string_view(error.what()).starts_with("--") || source.empty() ||
        std::string_view(error.what()).starts_with(source))
      throw;
    throw InputError(std::string(source) + ": " + error.what());
  }
  apply(sets, plan, plan.is_race);
  if (plan.is_race) spare_rules_without_calibration(plan);
  for (const auto& racer : plan.racers) racer.check();
  check_common(plan, source);
  return plan;
}

ExperimentPlan load_plan(const std::string& given, const Overrides& overrides) {
  if (given.empty()) return make_plan("", "", overrides);
  return within_memory("", given, [&] {
    const std::string path = with_home(given);
    std::error_code none;
    const bool is_path =
        path.find('/') != std::string::npos || path.ends_with(".json") || path.ends_with(".run");
    if (!is_path && !std::filesystem::exists(path, none))
      return make_plan(preset_document(path), "preset " + path, overrides);
    if (path.ends_with(".npz"))
      throw InputError(given +
                       ": arrays are data and no experiment: --set data.name=npz --set data.dir=" + given);
    return make_plan(read_document(path, "experiment", "an experiment is a JSON object, {} for all defaults"),
                     path, overrides);
  });
}

void apply_sets(const std::vector<std::string>& sets, ExperimentPlan& plan) {
  std::vector<Assignment> assignments;
  for (const auto& given : sets) assignments.push_back(split(given));
  apply(assignments, plan, false);
}

std::vector<std::string> racer_labels(const std::vector<Experiment>& racers) {
  std::vector<std::string> labels;
  // Names that the racers were given tell them apart best.
  std::set<std::string> names;
  for (const auto& racer : racers) names.insert(RunSettings::of(racer).name);
  if (racers.size() > 1 && names.size() == racers.size() && !names.count("")) {
    for (const auto& racer : racers) labels.push_back(RunSettings::of(racer).name);
    return labels;
  }
  std::map<std::string, std::set<std::string>> differing = differing_keys(racers);
  for (const auto& racer : racers) {
    std::string label = find_rule(racer.rule())->name;
    std::string apart;
    const std::set<std::string>& own = differing[racer.rule()];
    for (const auto& [key, value] : racer.entries()) {
      if (!own.contains(key)) continue;
      const std::string shown = key.starts_with("rule.") ? key.substr(5) : key;
      apart += (apart.empty() ? " (" : ", ") + shown + "=" + to_text(value);
    }
    labels.push_back(label + (apart.empty() ? "" : apart + ")"));
  }
  number_twins(labels);
  return labels;
}

Json plan_to_json(const ExperimentPlan& plan) {
  Json document = plan.racers.front().to_json();
  if (!plan.is_race) return document;
  document.erase("rule");
  Json race = Json::array();
  for (const auto& racer : plan.racers) {
    const Json own = racer.to_json();
    Json entry = Json::object();
    for (const auto& [key, value] : own.items())
      if (key == "rule" || !document.contains(key) || document[key] != value) entry[key] = value;
    race.push_back(entry);
  }
  document["race"] = race;
  return document;
}

std::string plan_to_command(const ExperimentPlan& plan) {
  const Experiment& first = plan.racers.front();
  std::string command = plan.is_race ? "grapevine-cli race" : "grapevine-cli train";
  const auto add = [&](const std::string& assignment) { command += " --set " + shell_quoted(assignment); };
  if (!plan.is_race) {
    for (const auto& difference : first.differences()) add(difference);
    return command;
  }
  std::string rules;
  std::set<std::string> seen;
  bool repeated = false;
  for (const Experiment& racer : plan.racers) {
    rules += (rules.empty() ? "" : ",") + racer.rule();
    repeated = repeated || !seen.insert(racer.rule()).second || !same_apart_from_rule(first, racer);
  }
  // Racers that one command line can't tell apart need a file: the shell hands it over as text.
  if (repeated) return command + " <(echo " + shell_quoted(plan_to_json(plan).dump()) + ")";
  command += " --rules " + rules;
  for (const auto& difference : first.differences())
    if (!difference.starts_with("rule.")) add(difference);
  for (const auto& racer : plan.racers)
    for (const auto& difference : racer.differences())
      if (difference.starts_with("rule.") && !difference.starts_with("rule.name="))
        add(racer.rule() + difference.substr(4));
  return command;
}

ExperimentPlan first_experiment() {
  Overrides overrides;
  overrides.rules = {rule_keys::bp, rule_keys::dfa, rule_keys::grape, rule_keys::residual};
  overrides.sets = {"name=First race", "schedule.name=exponential", "schedule.decay=0.95",
                    "train.epochs=2",  "grape.align_rate=0.001",    "probe.every=25"};
  return make_plan("", "", overrides);
}

void make_folders_absolute(Experiment& experiment) {
  std::error_code none;
  const std::filesystem::path folder = with_home(DataSettings::of(experiment).dir);
  if (!folder.empty() && std::filesystem::exists(folder, none))
    experiment.set("data.dir", folder.is_relative()
                                   ? std::filesystem::absolute(folder).lexically_normal().string()
                                   : folder.string());
  const std::filesystem::path weights = with_home(ModelSettings::of(experiment).weights);
  if (!weights.empty() && std::filesystem::is_regular_file(weights, none))
    experiment.set("model.weights", weights.is_relative()
                                        ? std::filesystem::absolute(weights).lexically_normal().string()
                                        : weights.string());
}

}  // namespace grapevine
