// Stored experiments over the defaults of their rule.
#include "engine/runs/run_conditions.h"

#include <map>
#include <nlohmann/json.hpp>

#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

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

std::string rule_of(const Json& settings) {
  const auto rule = settings.find("rule");
  if (rule == settings.end() || !rule->is_object() || !rule->contains("name") ||
      !rule->at("name").is_string())
    return "";
  return rule->at("name").get<std::string>();
}

std::int64_t test_count(const Json& settings) {
  const Json data = settings.value("data", Json::object());
  if (!data.is_object() || !data.contains("name") || !data.at("name").is_string()) return 0;
  const DataDescriptor* set = find_data(data.at("name").get<std::string>());
  const Json limit = data.value("test_limit", Json(0));
  const std::int64_t wanted = limit.is_number_integer() ? limit.get<std::int64_t>() : 0;
  const std::int64_t all = set ? set->test_count : 0;
  return wanted > 0 && (all == 0 || wanted < all) ? wanted : all;
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
  const Json stored = parse_stored_json(experiment);
  if (!stored.is_object() || stored.empty()) return {};
  RunConditions conditions;
  conditions.tests = test_count(stored);
  const std::string rule = rule_of(stored);
  Json settings = defaults_of(rule);
  settings.merge_patch(stored);
  for (const Setting& setting : experiment_settings())
    if (setting.scope == Scope::machine) erase_key(settings, setting.key);
  for (const char* key : {"rule", "optimizer.lr", "seed", "name"}) erase_key(settings, key);
  conditions.settings = settings.dump(-1, ' ', false, Json::error_handler_t::replace);
  settings.erase("calibration");
  conditions.but_calibration = settings.dump(-1, ' ', false, Json::error_handler_t::replace);
  return conditions;
}

}  // namespace grapevine
