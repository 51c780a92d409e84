// Labels of runs.
#include "engine/runs/run_labels.h"

#include <algorithm>

#include "engine/experiment/registry.h"
#include "engine/runs/setting_differences.h"

namespace grapevine {
namespace {

std::string kind_of(const RunData& run) {
  if (run.rule.empty()) return run.name;
  const RuleDescriptor* rule = find_rule(run.rule);
  return rule ? rule->name : run.rule;
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
    if (difference.is_the_rule() || !difference.tells_apart(rules)) continue;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::string words = difference.words_of(i);
      if (words.empty()) continue;
      labels[i] += (begun[i] ? ", " : " · ") + words;
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
