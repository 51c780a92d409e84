// settings: the whole registry for people and as JSON.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/table.h"
#include "engine/error.h"
#include "engine/experiment/own_network.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/experiment/shown.h"

namespace grapevine::cli {
namespace {

/// A setting under the name that the user writes.
struct Entry {
  std::string key;   ///< "optimizer.lr", "rule.align_rate"
  std::string rule;  ///< for a rule's own settings
  const Setting* setting;
};

std::vector<Entry> all_entries() {
  std::vector<Entry> entries;
  for (const Setting& setting : experiment_settings()) entries.push_back({setting.key, "", &setting});
  for (const RuleDescriptor& rule : rules()) {
    for (const Setting& setting : rule.settings)
      entries.push_back({"rule." + setting.key, rule.key, &setting});
  }
  return entries;
}

const char* type_of(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "integer";
    case Kind::number:
      return "number";
    case Kind::text:
      return "text";
    case Kind::choice:
      return "choice";
    case Kind::integer_list:
      return "list of integers";
    case Kind::number_list:
      return "list of numbers";
    case Kind::text_list:
      return "list of words";
    case Kind::integer_or_auto:
      return "integer or auto";
    case Kind::count_or_share:
      return "count or share";
    case Kind::segments:
      return "list of segments";
  }
  return "";
}

nlohmann::json default_of(const Setting& setting) {
  if (setting.kind == Kind::number_list) return numbers_in(to_text(setting.fallback));
  return std::visit([](const auto& held) { return nlohmann::json(held); }, setting.fallback);
}

nlohmann::json document_of(const Entry& entry) {
  const Setting& setting = *entry.setting;
  nlohmann::json document = {{"key", entry.key},
                             {"type", type_of(setting.kind)},
                             {"default", default_of(setting)},
                             {"allowed", setting.allowed()},
                             {"help", setting.help},
                             {"live", setting.live}};
  if (!entry.rule.empty()) document["rule"] = entry.rule;
  if (!setting.choices.empty()) document["choices"] = setting.choices;
  if (std::isfinite(setting.low)) document["low"] = setting.low;
  if (std::isfinite(setting.high)) document["high"] = setting.high;
  if (!setting.depends_on.empty()) {
    document["depends_on"] = {{"key", setting.depends_on}, {"values", setting.depends_values}};
  }
  return document;
}

std::vector<std::string> keys_of_probes() {
  std::vector<std::string> keys;
  for (const ProbeDescriptor& probe : probes()) keys.push_back(probe.measure.key);
  return keys;
}

nlohmann::json layers_document() {
  nlohmann::json list = nlohmann::json::array();
  for (const LayerType& type : layer_types()) {
    nlohmann::json fields = nlohmann::json::array();
    for (const LayerField& field : type.fields)
      fields.push_back({{"name", field.name}, {"allowed", allowed(field.kind)}, {"needed", field.needed}});
    list.push_back({{"type", type.name()}, {"help", type.help}, {"fields", fields}});
  }
  return list;
}

void print_layers() {
  Table table({"type", "fields", ""}, {});
  for (const LayerType& type : layer_types()) {
    std::string fields;
    for (const LayerField& field : type.fields) {
      fields += (fields.empty() ? "" : ", ") + std::string(field.name);
      if (field.needed) fields += "*";
    }
    table.add({type.name(), fields, type.help});
  }
  print("\nLayers of model.segments (* must be given)\n" + table.text(2));
}

/// Measures that a probe takes: what each is, and how it deceives.
nlohmann::json measures_document() {
  nlohmann::json list = nlohmann::json::array();
  for (const ProbeDescriptor& probe : probes())
    list.push_back({{"measure", probe.measure.key},
                    {"name", probe.measure.name},
                    {"help", probe.measure.help},
                    {"caution", probe.measure.caution},
                    {"missing", probe.missing_where},
                    {"default", probe.by_default}});
  return list;
}

void print_measures() {
  Table table({"measure", ""}, {});
  for (const ProbeDescriptor& probe : probes()) {
    table.add({probe.measure.key + (probe.by_default ? "" : "*"), probe.measure.help});
    if (!probe.measure.caution.empty()) table.add({"", "but: " + probe.measure.caution});
    if (!probe.missing_where.empty()) table.add({"", probe.missing_where});
  }
  print("\nMeasures (* not by default)\n" + table.text(2));
}

std::string default_text(const Setting& setting) {
  const std::string text = to_text(setting.fallback);
  return text.empty() ? "(empty)" : text;
}

std::string condition(const Setting& setting) {
  if (setting.depends_on.empty()) return "";
  std::string values;
  for (const std::string& value : setting.depends_values) values += (values.empty() ? "" : ", ") + value;
  return " [with " + setting.depends_on + "=" + values + "]";
}

std::string group_of(const Entry& entry) {
  if (!entry.rule.empty()) return "Rule " + entry.rule + ": " + find_rule(entry.rule)->help;
  const std::size_t dot = entry.key.find('.');
  return dot == std::string::npos ? "General" : entry.key.substr(0, dot);
}

void print_group(const std::string& title, const std::vector<Entry>& entries) {
  Table table({"", "", ""}, {});
  for (const Entry& entry : entries) {
    table.add({entry.key, default_text(*entry.setting), entry.setting->help + condition(*entry.setting)});
    table.add(
        {"", "",
         entry.setting->allowed() + (entry.setting->live ? "; may change while a run is in progress" : "")});
  }
  print("\n" + title + "\n" + table.text(2));
}

void print_all(const std::vector<Entry>& entries) {
  print(
      "Key, default, what it is and what is allowed. In an experiment file the dots are nesting;\n"
      "on the command line: --set KEY=VALUE, lists as a,b,c.\n");
  for (std::size_t begin = 0; begin < entries.size();) {
    std::size_t end = begin;
    while (end < entries.size() && group_of(entries[end]) == group_of(entries[begin])) ++end;
    print_group(group_of(entries[begin]), {entries.begin() + static_cast<std::ptrdiff_t>(begin),
                                           entries.begin() + static_cast<std::ptrdiff_t>(end)});
    begin = end;
  }
}

/// A setting, a group of them ("optimizer", or a rule's name), "grape.align_rate" as in a race's --set, or
/// what is after the last dot.
std::vector<Entry> matching(const std::vector<Entry>& all, const std::string& key) {
  std::vector<Entry> found;
  std::vector<std::string> known;
  for (const Entry& entry : all) {
    const std::string of_rule = entry.rule.empty() ? "" : entry.rule + entry.key.substr(4);
    const bool in_group = entry.key.starts_with(key + ".") || of_rule.starts_with(key + ".");
    if (entry.key == key || of_rule == key || in_group) found.push_back(entry);
    known.push_back(entry.key);
  }
  if (!found.empty()) return found;
  for (const Entry& entry : all)
    if (entry.key.ends_with("." + key)) found.push_back(entry);
  if (!found.empty()) return found;
  const std::string near = nearest(key, known);
  throw InputError("there is no setting '" + shown(key) + "'" +
                   (near.empty() ? "; grapevine-cli settings lists all" : "; did you mean " + near + "?"));
}

struct SettingsOptions {
  std::string key;
};

int run(const Options& options, const SettingsOptions& own) {
  std::vector<Entry> entries = all_entries();
  if (!own.key.empty()) entries = matching(entries, own.key);
  const bool with_layers = std::any_of(entries.begin(), entries.end(), [](const Entry& entry) {
    return entry.setting->kind == Kind::segments;
  });
  const bool with_measures = std::any_of(entries.begin(), entries.end(), [](const Entry& entry) {
    return entry.setting->kind == Kind::text_list && entry.setting->choices == keys_of_probes();
  });
  if (!options.json) {
    print_all(entries);
    if (with_layers) print_layers();
    if (with_measures) print_measures();
    return 0;
  }
  nlohmann::json list = nlohmann::json::array();
  for (const Entry& entry : entries) list.push_back(document_of(entry));
  nlohmann::json document{{"settings", list}};
  if (with_layers) document["layers"] = layers_document();
  if (with_measures) document["measures"] = measures_document();
  print_json(document);
  return 0;
}

void describe(Usage& usage, SettingsOptions& own) {
  usage.add("KEY", &own.key, "Only this setting, or this group or rule").completed_by(Completes::setting);
}

}  // namespace

Command settings_command() {
  return make_command<SettingsOptions>(
      {"settings", "List all settings with types, ranges, defaults and help", ""}, describe, run);
}

}  // namespace grapevine::cli
