// Activity-perturbed forward gradient (Ren et al. 2022): δ_{l,n} = dL_n · p_{l,n}, dL_n = ⟨e_n, ż_n⟩ from one
// tangent pass with per-sample perturbations of every feedback point (learning-rules §2).
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/feedback/estimate_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct FgActivitySettings {
  EstimateSettings estimate{.gaussian = true};  ///< one shared trace

  void bind(Binder& to) { estimate.bind_distribution(to, {{"gaussian", true}, {"rademacher", false}}); }
  static FgActivitySettings of(const Experiment& experiment) {
    return rule_settings_from<FgActivitySettings>(experiment);
  }
};

inline RuleDescriptor describe_fg_activity() {
  RuleDescriptor rule;
  rule.key = "fg_activity";
  rule.name = "Forward gradient (activity)";
  rule.help = "The slope of each sample's loss along a random change of its activations, times that change.";
  rule.equation = "δ_l = dL · p_l, dL = ⟨e, ż⟩";
  list_rule_settings<FgActivitySettings>(rule.settings);
  rule.look = {FeedbackRoute::forward, rule_keys::pepita, "a random direction each sample"};
  return rule;
}

std::unique_ptr<Rule> make_fg_activity(const FgActivitySettings& settings);

}  // namespace grapevine
