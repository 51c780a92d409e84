// Kolen–Pollack (Akrout et al. 2019): FA whose transport R gets the same update as W and both fade: W ← λW +
// ΔW, R ← λR + ΔW, ΔW the optimizer's step; biases don't fade (learning-rules §2).
#pragma once

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct KpSettings {
  double decay = 0.999;  ///< λ

  void bind(Binder& to) {
    to.number(decay, "decay", above(0).at_most(1), "λ, what is left of W and R after a step").live();
  }
  static KpSettings of(const Experiment& experiment) { return rule_settings_from<KpSettings>(experiment); }
};

inline RuleDescriptor describe_kp() {
  RuleDescriptor rule;
  rule.key = "kp";
  rule.name = "Kolen–Pollack";
  rule.help =
      "FA whose feedback weights get the forward weights' updates; decay makes both forget how they began.";
  rule.equation = "W ← λW + ΔW,  R ← λR + ΔW";
  list_rule_settings<KpSettings>(rule.settings);
  rule.has_transport = true;
  rule.interventions = Interventions::all();
  rule.look = {FeedbackRoute::transport, rule_keys::fa, "transport learns"};
  return rule;
}

std::unique_ptr<Rule> make_kp(const KpSettings& settings);

}  // namespace grapevine
