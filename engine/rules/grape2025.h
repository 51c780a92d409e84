// GrAPE as the 2025 text has it (eq. 6): B ← B − η(1−cos_F(B, Ĵ))·B, then the whole matrix scaled back to its
// norm. It turns no direction (it flips B where η(1−cos) > 1): here because the text has it (learning-rules
// §2).
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/feedback/average_settings.h"
#include "engine/feedback/cosine_settings.h"
#include "engine/feedback/estimate_settings.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct Grape2025Settings {
  double align_rate = 1e-3;  ///< η
  DirectSettings direct;
  EstimateSettings estimate;
  AverageSettings average;
  std::int64_t steps = 1;  ///< a batch

  void bind(Binder& to) {
    to.number(align_rate, "align_rate", at_least(0).at_most(100), "η, the step on the feedback matrices")
        .live();
    bind_align_steps(to, steps);
    direct.bind_turning(to);
    estimate.bind(to);
    average.bind(to);
  }
  static Grape2025Settings of(const Experiment& experiment) {
    return rule_settings_from<Grape2025Settings>(experiment);
  }
};

inline RuleDescriptor describe_grape2025() {
  RuleDescriptor rule;
  rule.key = "grape2025";
  rule.name = "GrAPE 2025";
  rule.help = "GrAPE by the 2025 text's equation 6, which rescales B and turns nothing: DFA in effect.";
  rule.equation = "B ← B − η(1 − cos(B, Ĵ))·B, then its old norm;  δ_l = e B_l";
  list_rule_settings<Grape2025Settings>(rule.settings);
  rule.has_feedback = true;
  rule.interventions = Interventions::of_directions();
  rule.has_estimate = true;
  rule.calibrates = true;
  rule.look = {FeedbackRoute::direct, rule_keys::grape, "direct, B rescaled"};
  return rule;
}

std::unique_ptr<Rule> make_grape2025(const Grape2025Settings& settings);

}  // namespace grapevine
