// Activity-perturbed forward gradient (Ren et al. 2022): δ_{l,n} = dL_n · p_{l,n}, dL_n = ⟨e_n, ż_n⟩ from one
// tangent pass with per-sample perturbations of every feedback point (learning-rules §2).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_fg_activity() {
  RuleDescriptor rule;
  rule.key = "fg_activity";
  rule.name = "Forward gradient (activity)";
  rule.help = "The slope of each sample's loss along a random change of its activations, times that change.";
  rule.equation = "δ_l = dL · p_l, dL = ⟨e, ż⟩";
  rule.settings = {choice_setting("distribution", "gaussian", {"gaussian", "rademacher"},
                                  "what perturbations are drawn from")};
  return rule;
}

}  // namespace grapevine
