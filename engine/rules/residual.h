// Residual alignment (learning-rules §4): the feedback matrices learn to predict the tangent at the logits.
// r = ż − Σ_m p_m B_mᵀ (N×C; shared trace) or ż_l − p_l B_lᵀ; B_l ← B_l + (η/P)·2N/(N+n_l+1)·(1/N) rᵀp_l, B_l
// C×n_l from zero. Under rule.structure, with B = U V T (structure.h), V moves along the projected product
// (1/N) (rU)ᵀ(pT⁺), and n_l in the rate becomes the number m of distinct columns: with c_j features in cell j
// the scaled values √c_j V_j meet inputs (Σ p)/√c_j of unit variance, m of them, and 2N/(N + m + 1) is what
// keeps their error from growing.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/feedback/estimate_settings.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct ResidualSettings {
  double align_rate = 0.3;  ///< η
  double track = 0;         ///< β, 0 = off
  DirectSettings direct{.init = FeedbackInit::zero};
  EstimateSettings estimate;

  void bind(Binder& to) {
    to.number(align_rate, "align_rate", at_least(0).below(1),
              "η, the fraction of the prediction error to correct")
        .live();
    to.number(track, "track", at_least(0).below(1),
              "β of B ← βB + (1−β)Ĵ in place of the residual step; 0 = off");
    direct.bind(to);
    estimate.bind(to);
  }
  static ResidualSettings of(const Experiment& experiment) {
    return rule_settings_from<ResidualSettings>(experiment);
  }
};

inline RuleDescriptor describe_residual() {
  RuleDescriptor rule;
  rule.key = "residual";
  rule.name = "Residual";
  rule.help =
      "DFA whose feedback matrices learn from the error of their own prediction of the forward gradient.";
  rule.equation = "B_l ← B_l + η' rᵀp_l, r = ż − Σ p_m B_mᵀ;  δ_l = e B_l";
  list_rule_settings<ResidualSettings>(rule.settings);
  rule.has_feedback = true;
  rule.interventions = Interventions::all();
  rule.has_estimate = true;
  rule.calibrates = true;
  rule.look = {FeedbackRoute::direct, "", "direct, B learns", {{0x1668DB, 0x5FA4F7}}};
  return rule;
}

std::unique_ptr<Rule> make_residual(const ResidualSettings& settings);

}  // namespace grapevine
