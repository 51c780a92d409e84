// Stored experiments over the defaults of their rule.
#include "engine/runs/run_conditions.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/runs/stored_settings.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

/// "rule" of "rule.".
std::string group_named(std::string_view prefix) {
  return std::string(prefix.substr(0, prefix.size() - 1));
}

/// Takes a.b.c out of a nested object.
void erase_key(Json& object, const std::string& key) {
  const std::size_t dot = key.find('.');
  const auto member = object.find(key.substr(0, dot));
  if (member == object.end()) return;
  if (dot == std::string::npos)
    object.erase(member);
  else if (member->is_object())
    erase_key(*member, key.substr(dot + 1));
}

std::int64_t test_count(const StoredSettings& settings) {
  const std::optional<std::string> name = settings.given(&DataSettings::name);
  if (!name) return 0;
  const DataDescriptor* set = find_data(*name);
  const std::int64_t wanted = settings.given(&DataSettings::test_limit).value_or(0);
  const std::int64_t all = set ? set->test_count : 0;
  return wanted > 0 && (all == 0 || wanted < all) ? wanted : all;
}

/// What two runs may differ in and still be compared.
const std::vector<std::string>& what_may_differ() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> all{key_of(&OptimizerSettings::lr), key_of(&RunSettings::seed),
                                 key_of(&RunSettings::name), group_named(RuleName::group),
                                 group_named(CheckpointSettings::group)};
    for (const Setting& setting : experiment_settings())
      if (setting.scope == Scope::machine) all.push_back(setting.key);
    return all;
  }();
  return keys;
}

/// Every setting of a rule's experiment as it is by default.
const Json& defaults_of(const std::string& rule) {
  static const std::map<std::string, Json> all = [] {
    std::map<std::string, Json> made{{"", Json::object()}};
    for (const RuleDescriptor& each : rules()) made[each.key] = Experiment(each.key).to_json();
    return made;
  }();
  const auto found = all.find(rule);
  return found == all.end() ? all.at("") : found->second;
}

}  // namespace

bool RunConditions::allow(const std::string& rule, const RunConditions& other) const {
  if (settings.empty() || other.settings.empty()) return false;
  const RuleDescriptor* known = find_rule(rule);
  return known && !known->calibrates ? but_calibration == other.but_calibration : settings == other.settings;
}

RunConditions conditions_of(const std::string& experiment) {
  const StoredSettings stored = StoredSettings::of(experiment);
  if (!stored.json().is_object() || stored.json().empty()) return {};
  RunConditions conditions;
  conditions.tests = test_count(stored);
  Json settings = defaults_of(stored.given(&RuleName::name).value_or(""));
  settings.merge_patch(stored.json());
  for (const std::string& key : what_may_differ()) erase_key(settings, key);
  const DataDescriptor* set = find_data(stored.given(&DataSettings::name).value_or(""));
  if (set && !set->own) erase_key(settings, key_of(&DataSettings::dir));  // the same files wherever they lie
  conditions.settings = settings.dump(-1, ' ', false, Json::error_handler_t::replace);
  erase_key(settings, group_named(CalibrationSettings::group));
  conditions.but_calibration = settings.dump(-1, ' ', false, Json::error_handler_t::replace);
  return conditions;
}

}  // namespace grapevine
