// Residual alignment (learning-rules §4): the feedback matrices learn to predict the tangent at the logits.
// r = ż − Σ_m p_m B_mᵀ (N×C; shared trace) or ż_l − p_l B_lᵀ; B_l ← B_l + (η/P)·2N/(N+n_l+1)·(1/N) rᵀp_l, B_l
// C×n_l from zero. Under rule.structure, with B = U V T (structure.h), V moves along the projected product
// (1/N) (rU)ᵀ(pT⁺), and n_l in the rate becomes the number m of distinct columns: with c_j features in cell j
// the scaled values √c_j V_j meet inputs (Σ p)/√c_j of unit variance, m of them, and 2N/(N + m + 1) is what
// keeps their error from growing.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_residual() {
  RuleDescriptor rule;
  rule.key = "residual";
  rule.name = "Residual";
  rule.help =
      "DFA whose feedback matrices learn from the error of their own prediction of the forward gradient.";
  rule.equation = "B_l ← B_l + η' rᵀp_l, r = ż − Σ p_m B_mᵀ;  δ_l = e B_l";
  rule.settings = {
      live(number_setting("align_rate", 0.3, 0, false, 1, true,
                          "η, the share of the prediction error to correct")),
      number_setting("track", 0, 0, false, 1, true,
                     "β of B ← βB + (1−β)Ĵ in place of the residual step; 0 = off"),
      feedback_init_setting("zero"),
  };
  for (Setting& setting : structure_settings()) rule.settings.push_back(setting);
  for (Setting& setting : estimate_settings()) rule.settings.push_back(setting);
  rule.has_feedback = true;
  rule.has_estimate = true;
  rule.calibrates = true;
  return rule;
}

}  // namespace grapevine
