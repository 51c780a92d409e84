// Forward direct feedback alignment (Bacho & Chu 2024): DFA whose matrices learn by grad B_l = B_l − Ĵ_l,
// C×n_l, with an optimiser of their own; Ĵ_l from the forward-mode estimate (learning-rules §2, §3).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_fdfa() {
  RuleDescriptor rule;
  rule.key = "fdfa";
  rule.name = "FDFA";
  rule.help = "DFA whose matrices follow a running mean of the forward-mode estimate.";
  rule.equation = "δ_l = e B_l;  grad B_l = B_l − Ĵ_l";
  rule.settings = {feedback_init_setting("zero")};
  for (Setting& setting : structure_settings()) rule.settings.push_back(setting);
  for (Setting& setting : feedback_optimizer_settings(0)) rule.settings.push_back(setting);
  for (Setting& setting : estimate_settings()) rule.settings.push_back(setting);
  rule.has_feedback = true;
  rule.has_estimate = true;
  rule.calibrates = true;
  return rule;
}

}  // namespace grapevine
