// Labels of runs.
#include "engine/runs/run_labels.h"

#include <algorithm>

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/runs/setting_differences.h"

namespace grapevine {
namespace {

std::string kind_of(const RunData& run) {
  if (run.rule.empty()) return run.name;
  const RuleDescriptor* rule = find_rule(run.rule);
  return rule ? rule->name : run.rule;
}

bool tells_apart(const SettingDifference& difference, const std::vector<std::string>& rules) {
  const Setting* setting = find_setting(difference.key, "");
  const bool is_the_machines = setting && setting->scope == Scope::machine;
  return difference.key != "rule.name" && difference.key != "name" && !is_the_machines &&
         !difference.follows_from(rules);
}

}  // namespace

std::vector<std::string> labels_that_differ(const std::vector<const RunData*>& runs) {
  std::vector<std::string> labels, experiments, rules;
  for (const RunData* run : runs) {
    labels.push_back(kind_of(*run));
    experiments.push_back(run->experiment);
    rules.push_back(run->rule);
  }
  std::vector<bool> begun(runs.size(), false);
  for (const SettingDifference& difference : setting_differences(experiments)) {
    if (!tells_apart(difference, rules)) continue;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const nlohmann::json& value = difference.values[i];
      if (value.is_null()) continue;
      labels[i] += begun[i] ? ", " : " · ";
      labels[i] += difference.key.substr(difference.key.rfind('.') + 1) + " " +
                   (value.is_string() ? value.get<std::string>() : value.dump());
      begun[i] = true;
    }
  }
  const std::vector<std::string> plain = labels;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (std::count(plain.begin(), plain.end(), plain[i]) > 1)
      labels[i] += " (run " + std::to_string(runs[i]->id) + ")";
  return labels;
}

}  // namespace grapevine
