// Names of groups.
#include "engine/runs/group_names.h"

#include <algorithm>

#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

std::string rule_called(const std::string& key) {
  const RuleDescriptor* rule = find_rule(key);
  return rule ? rule->name : key;
}

/// As a setting, or the library's column.
bool names_the_rule(const RunKey& key) {
  return key.name == rule_name_key() || key.name == "rule";
}

/// Of the one group that has nothing under the keys: "no tags".
std::string name_without_values(const Comparison& all, const RunGroup& group) {
  if (all.groups.size() < 2 || all.keys.empty()) return kind_of_group(group);
  std::string name;
  for (const RunKey& key : all.keys)
    name += (name.empty() ? "no " : ", ") + key.name.substr(key.name.rfind('.') + 1);
  return name;
}

}  // namespace

std::string name_of_group(const Comparison& all, const RunGroup& group) {
  std::string rule, rest;
  for (std::size_t i = 0; i < all.keys.size(); ++i) {
    const RunKey& key = all.keys[i];
    const std::string value = to_text(group.settings[i]);
    if (value.empty()) continue;
    if (names_the_rule(key))
      rule = rule_called(value);
    else
      rest += (rest.empty() ? "" : ", ") + key.name.substr(key.name.rfind('.') + 1) + " " + value;
  }
  if (rule.empty() && rest.empty()) return name_without_values(all, group);
  return rule.empty() || rest.empty() ? rule + rest : rule + " · " + rest;
}

std::string kind_of_group(const RunGroup& group) {
  const bool of_rules = std::any_of(group.runs.begin(), group.runs.end(),
                                    [](const ComparedRun& run) { return !run.rule.empty(); });
  if (!of_rules) return group.runs.empty() ? "" : group.runs.front().name;  // curves of another program
  const ModelDescriptor* model = find_model(group.model);
  const DataDescriptor* data = find_data(group.data);
  const std::string model_name = model ? model->name : group.model,
                    data_name = data ? data->name : group.data;
  return (group.rule.empty() ? "several rules" : rule_called(group.rule)) + ", " +
         (model_name.empty() ? "several models" : model_name) + ", " +
         (data_name.empty() ? "several data sets" : data_name);
}

}  // namespace grapevine
