// GrAPE as the 2025 text has it (eq. 6): B ← B − η(1−cos_F(B, Ĵ))·B, then the whole matrix scaled back to its
// norm. It turns no direction (it flips B where η(1−cos) > 1): here because the text has it (learning-rules
// §2).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_grape2025() {
  RuleDescriptor rule;
  rule.key = "grape2025";
  rule.name = "GrAPE 2025";
  rule.help = "GrAPE by the 2025 text's equation 6, which rescales B and turns nothing: DFA in effect.";
  rule.equation = "B ← B − η(1 − cos(B, Ĵ))·B, then its old norm;  δ_l = e B_l";
  rule.settings = {
      live(number_setting("align_rate", 1e-3, 0, false, 100, false, "η, the step on the feedback matrices")),
      feedback_init_setting("normal", false),
  };
  for (Setting& setting : structure_settings()) rule.settings.push_back(setting);
  for (Setting& setting : estimate_settings()) rule.settings.push_back(setting);
  rule.has_feedback = true;
  rule.has_estimate = true;
  rule.calibrates = true;
  return rule;
}

}  // namespace grapevine
