// GrAPE (ICLR 2026): DFA whose matrices are first turned towards the Jacobian estimate Ĵ_l = (1/NK) Σ żᵀ p_l,
// C×n_l, by a gradient step on each column's cosine with momentum, then renormalised (learning-rules §3; eq.
// 17 of the text). Under rule.structure the estimate is projected first, and the step works on B's distinct
// columns: tied columns have one cosine, one gradient and one norm, so that this is the dense step with the
// projected Ĵ. Unit columns are those of the dense matrix; `frobenius` counts every column as often as it
// stands there.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_grape() {
  RuleDescriptor rule;
  rule.key = "grape";
  rule.name = "GrAPE";
  rule.help =
      "DFA whose feedback matrices are turned towards a forward-mode estimate of the Jacobian at every step.";
  rule.equation = "B_l ← norm(B_l − η_B V), V ← μV − ∇cos(B_l, Ĵ_l);  δ_l = e B_l";
  rule.settings = {
      live(
          number_setting("align_rate", 0.01, 0, false, 100, false, "η_B, the step on the feedback matrices")),
      live(number_setting("align_momentum", 0.9, 0, false, 1, true, "μ, momentum of the alignment step")),
      choice_setting("reduction", "sum", {"sum", "mean"},
                     "the cosine's gradient as it stands, or divided by n_l (eq. 17 to the letter)"),
      choice_setting("norm", "column", {"column", "frobenius", "jacobian", "none"},
                     "after the step: unit columns, the old Frobenius norm, the running ‖ĵ_k‖, or nothing"),
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
