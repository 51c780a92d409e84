// GrAPE (ICLR 2026): DFA whose matrices are first turned towards the Jacobian estimate Ĵ_l = (1/NK) Σ żᵀ p_l,
// C×n_l, by a gradient step on each column's cosine with momentum, then renormalised (learning-rules §3; eq.
// 17 of the text). Under rule.structure the estimate is projected first, and the step works on B's distinct
// columns: tied columns have one cosine, one gradient and one norm, so that this is the dense step with the
// projected Ĵ. Unit columns are those of the dense matrix; `frobenius` counts every column as often as it
// occurs there. With `estimate_average` the mean of all estimates replaces Ĵ, with `align_steps` K
// the step is made K times towards the same Ĵ.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/feedback/average_settings.h"
#include "engine/feedback/cosine_settings.h"
#include "engine/feedback/estimate_settings.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct GrapeSettings {
  CosineStep step;
  DirectSettings direct;
  EstimateSettings estimate;
  AverageSettings average;

  void bind(Binder& to) {
    step.bind(to);
    direct.bind_turning(to);
    estimate.bind(to);
    average.bind(to);
  }
  static GrapeSettings of(const Experiment& experiment) {
    return rule_settings_from<GrapeSettings>(experiment);
  }
};

inline RuleDescriptor describe_grape() {
  RuleDescriptor rule;
  rule.key = "grape";
  rule.name = "GrAPE";
  rule.help =
      "DFA whose feedback matrices are turned towards a forward-mode estimate of the Jacobian at every step.";
  rule.equation = "B_l ← norm(B_l − η_B V), V ← μV − ∇cos(B_l, Ĵ_l);  δ_l = e B_l";
  list_rule_settings<GrapeSettings>(rule.settings);
  rule.has_feedback = true;
  rule.interventions = Interventions::of_directions();
  rule.has_estimate = true;
  rule.calibrates = true;
  rule.look = {FeedbackRoute::direct, "", "direct, B learns", {{0x006A46, 0x04991D}}};
  return rule;
}

std::unique_ptr<Rule> make_grape(const GrapeSettings& settings);

}  // namespace grapevine
