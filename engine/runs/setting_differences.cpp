#include "engine/runs/setting_differences.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/runs/stored_settings.h"
#include "engine/runs/stored_values.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

using Leaves = std::map<std::string, Json>;

/// Leaves of a nested document by dotted keys.
void flatten(const Json& value, const std::string& key, Leaves& to) {
  if (!value.is_object()) {
    to[key] = value;
    return;
  }
  for (const auto& [name, member] : value.items()) flatten(member, key.empty() ? name : key + "." + name, to);
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Stored experiments as what each setting says of its run.
class SettingMeanings {
 public:
  explicit SettingMeanings(const std::vector<std::string>& experiments) {
    for (const std::string& experiment : experiments) {
      interruption_point();
      const Json stored = parse_stored_json(experiment);
      if (Leaves& leaves = runs_.emplace_back(); stored.is_object()) flatten(stored, "", leaves);
    }
  }

  std::set<std::string> keys() const {
    std::set<std::string> all;
    for (const Leaves& leaves : runs_)
      for (const auto& [key, value] : leaves) all.insert(key);
    return all;
  }

  /// False where all have the same under the key: they do not differ in it, whatever it means to each. Of
  /// thousands of runs most settings are left so before anything is asked of them.
  bool may_differ(const std::string& key) const {
    const Json* first = nullptr;
    for (const Leaves& leaves : runs_) {
      const auto own = leaves.find(key);
      if (own == leaves.end() || (first && *first != own->second)) return true;
      first = &own->second;
    }
    return false;
  }

  /// One value per run: null where the setting means nothing to it (another rule's, or one that counts with
  /// another choice alone), the default where the run is older than the setting.
  std::vector<Json> of(const std::string& key) {
    std::vector<Json> values;
    for (const Leaves& leaves : runs_) {
      interruption_point();
      values.push_back(of(key, leaves));
    }
    return values;
  }

 private:
  Json of(const std::string& key, const Leaves& leaves) {
    const auto own = leaves.find(key);
    const std::string rule = text_under(rule_name_key(), leaves);
    const Setting* setting = rule.empty() ? nullptr : find_setting(key, rule);
    if (!setting) return own == leaves.end() ? Json() : own->second;
    if (!counts(key, rule, leaves)) return {};
    if (own != leaves.end()) return own->second;
    const Leaves& usual = defaults_of(rule);
    const auto fallback = usual.find(key);
    return fallback == usual.end() ? Json() : fallback->second;
  }

  static bool counts(const std::string& key, const std::string& rule, const Leaves& leaves) {
    const std::string choice = deciding_choice(key, rule);
    return !leaves.contains(choice) || counts_beside(key, rule, text_under(choice, leaves));
  }

  static std::string text_under(const std::string& key, const Leaves& leaves) {
    const auto found = leaves.find(key);
    return found == leaves.end() ? "" : text_of(found->second);
  }

  const Leaves& defaults_of(const std::string& rule) {
    const auto [place, is_new] = defaults_.try_emplace(rule);
    if (is_new && find_rule(rule)) flatten(Experiment(rule).to_json(), "", place->second);
    return place->second;
  }

  std::vector<Leaves> runs_;
  std::map<std::string, Leaves> defaults_;  ///< by rule
};

}  // namespace

bool SettingDifference::where_known() const {
  const Json* first = nullptr;
  for (const Json& value : values) {
    if (value.is_null()) continue;
    if (first && *first != value) return true;
    first = &value;
  }
  return false;
}

bool SettingDifference::follows_from(const std::vector<std::string>& rules) const {
  if (!key.starts_with(rule_group) || is_the_rule()) return false;
  std::map<std::string, Json> by_rule;
  for (std::size_t i = 0; i < values.size() && i < rules.size(); ++i) {
    if (values[i].is_null()) continue;
    if (by_rule.try_emplace(rules[i], values[i]).first->second != values[i]) return false;
  }
  return true;
}

bool SettingDifference::is_the_rule() const {
  return key == rule_name_key();
}

bool SettingDifference::is_the_seed() const {
  static const std::string seed = key_of(&RunSettings::seed);
  return key == seed;
}

bool SettingDifference::tells_apart(const std::vector<std::string>& rules) const {
  static const std::string name = key_of(&RunSettings::name);
  const Setting* setting = find_setting(key, "");
  const bool is_the_machines = setting && setting->scope == Scope::machine;
  const bool is_of_checkpoints = key.starts_with(CheckpointSettings::group);  // no number depends on them
  return key != name && !is_the_machines && !is_of_checkpoints && !follows_from(rules);
}

std::string SettingDifference::words_of(std::size_t run) const {
  const Json& value = values[run];
  if (value.is_null()) return "";
  // As settings are typed: 1, and not JSON's 1.0.
  return key.substr(key.rfind('.') + 1) + " " +
         (value.is_number_float() ? to_text(Value(value.get<double>())) : text_of(value));
}

std::string deciding_choice(std::string_view key, std::string_view rule) {
  const Setting* setting = find_setting(key, rule);
  if (!setting || setting->depends_on.empty()) return "";
  return find_setting(setting->depends_on, rule) ? setting->depends_on : "rule." + setting->depends_on;
}

bool counts_beside(std::string_view key, std::string_view rule, std::string_view choice) {
  const Setting* setting = find_setting(key, rule);
  if (!setting || setting->depends_on.empty()) return true;
  const std::vector<std::string>& values = setting->depends_values;
  return std::find(values.begin(), values.end(), choice) != values.end();
}

bool counts_in(std::string_view key, std::string_view rule, const Json& experiment) {
  const std::string choice = deciding_choice(key, rule);
  if (choice.empty()) return true;
  const Json* value = stored_under(choice, experiment);
  return !value || counts_beside(key, rule, text_of(*value));
}

std::vector<SettingDifference> setting_differences(const std::vector<std::string>& experiments) {
  SettingMeanings settings(experiments);
  std::vector<SettingDifference> differences;
  for (const std::string& key : settings.keys()) {
    interruption_point();
    if (!settings.may_differ(key)) continue;
    SettingDifference difference{key, settings.of(key)};
    if (difference.where_known()) differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace grapevine
