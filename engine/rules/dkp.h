// Direct Kolen–Pollack (Webster et al. 2021): DFA whose matrices learn by grad B_l = eᵀ h_l, C×n_l, with an
// optimiser of their own; the same decay on B and W brings them together (learning-rules §2).
#pragma once

#include "engine/rules/rule_settings.h"
#include "engine/training/registry.h"

namespace grapevine {

inline RuleDescriptor describe_dkp() {
  RuleDescriptor rule;
  rule.key = "dkp";
  rule.name = "DKP";
  rule.help = "DFA whose matrices follow the products of error and activation, with decay on both sides.";
  rule.equation = "δ_l = e B_l;  grad B_l = eᵀ h_l";
  rule.settings = {feedback_init_setting("normal")};
  for (Setting& setting : feedback_optimizer_settings(1e-6)) rule.settings.push_back(setting);
  rule.has_feedback = true;
  rule.calibrates = true;
  return rule;
}

}  // namespace grapevine
