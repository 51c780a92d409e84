// Forward direct feedback alignment (Bacho & Chu 2024): DFA whose matrices learn by grad B_l = B_l − Ĵ_l,
// C×n_l, with an optimizer of their own; Ĵ_l from the forward-mode estimate (learning-rules §2, §3).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/feedback/estimate_settings.h"
#include "engine/feedback/learned_settings.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct FdfaSettings {
  DirectSettings direct{.init = FeedbackInit::zero};
  LearnedSettings learned;
  EstimateSettings estimate;

  void bind(Binder& to) {
    direct.bind(to);
    learned.bind(to);
    estimate.bind(to);
  }
  static FdfaSettings of(const Experiment& experiment) {
    return rule_settings_from<FdfaSettings>(experiment);
  }
};

inline RuleDescriptor describe_fdfa() {
  RuleDescriptor rule;
  rule.key = "fdfa";
  rule.name = "FDFA";
  rule.help = "DFA whose matrices follow a running mean of the forward-mode estimate.";
  rule.equation = "δ_l = e B_l;  grad B_l = B_l − Ĵ_l";
  list_rule_settings<FdfaSettings>(rule.settings);
  rule.has_feedback = true;
  rule.interventions = Interventions::all();
  rule.has_estimate = true;
  rule.calibrates = true;
  rule.look = {FeedbackRoute::direct, "", "direct, B learns", {{0x1100D3, 0x6B57F6}}};
  return rule;
}

std::unique_ptr<Rule> make_fdfa(const FdfaSettings& settings);

}  // namespace grapevine
