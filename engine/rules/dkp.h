// Direct Kolen–Pollack (Webster et al. 2021): DFA whose matrices learn by grad B_l = eᵀ h_l, C×n_l, with an
// optimizer of their own; the same decay on B and W brings them together (learning-rules §2). Under
// rule.structure the gradient is projected: (1/N inside e) a mean over tied entries, as B's own step would
// be.
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/feedback/learned_settings.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct DkpSettings {
  DirectSettings direct;
  LearnedSettings learned{.decay = 1e-6};

  void bind(Binder& to) {
    direct.bind(to);
    learned.bind(to);
  }
  static DkpSettings of(const Experiment& experiment) { return rule_settings_from<DkpSettings>(experiment); }
};

inline RuleDescriptor describe_dkp() {
  RuleDescriptor rule;
  rule.key = "dkp";
  rule.name = "DKP";
  rule.help = "DFA whose matrices follow the products of error and activation, with decay on both sides.";
  rule.equation = "δ_l = e B_l;  grad B_l = eᵀ h_l";
  list_rule_settings<DkpSettings>(rule.settings);
  rule.has_feedback = true;
  rule.interventions = Interventions::all();
  rule.calibrates = true;
  rule.look = {FeedbackRoute::direct, rule_keys::fdfa, "direct, B learns"};
  return rule;
}

std::unique_ptr<Rule> make_dkp(const DkpSettings& settings);

}  // namespace grapevine
