// Direct feedback alignment (Nøkland 2016): δ_l = e B_l, e N×C, B_l C×n_l fixed and random (learning-rules
// §2).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_dfa() {
  RuleDescriptor rule;
  rule.key = "dfa";
  rule.name = "DFA";
  rule.help = "Direct feedback alignment: the output error reaches each layer through a fixed random matrix.";
  rule.equation = "δ_l = e B_l";
  rule.settings = {feedback_init_setting("normal"),
                   switch_setting("shared_matrix", false, "slice all matrices from one (Launay 2020)")};
  for (Setting& setting : structure_settings()) rule.settings.push_back(setting);
  rule.has_feedback = true;
  rule.calibrates = true;
  return rule;
}

}  // namespace grapevine
