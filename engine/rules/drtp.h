// Direct random target projection (Frenkel et al. 2021): δ_l = (1/N)·onehot(y) B_l, no error needed
// (learning-rules §2). A well-aligned B is near −J̄ in direction: the signal is + onehot.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_drtp() {
  RuleDescriptor rule;
  rule.key = "drtp";
  rule.name = "DRTP";
  rule.help =
      "Direct random target projection: each layer learns from the label alone, before the output is known.";
  rule.equation = "δ_l = (1/N)·onehot(y) B_l";
  rule.settings = {feedback_init_setting("normal"),
                   switch_setting("shared_matrix", false, "slice all matrices from one (Launay 2020)")};
  for (Setting& setting : structure_settings()) rule.settings.push_back(setting);
  rule.needs_classes = true;
  rule.has_feedback = true;
  rule.calibrates = true;
  return rule;
}

}  // namespace grapevine
