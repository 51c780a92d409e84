// Weight mirror (Akrout et al. 2019): FA whose transport R learns W from noise: after each weight step, per
// layer, x = 0.1·N(0,1), y = W x, R ← (1 − λ_m) R + η_m/N · (the weight gradient of x and y) (learning-rules
// §2).
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/feedback/mirror_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct WmSettings {
  MirrorSettings mirror;
  double decay = 1e-4;  ///< λ_m

  void bind(Binder& to) {
    mirror.bind(to).live();
    to.number(decay, "mirror_decay", at_least(0).below(1),
              "λ_m, fraction of the transport that fades in each step")
        .live();
  }
  static WmSettings of(const Experiment& experiment) { return rule_settings_from<WmSettings>(experiment); }
};

inline RuleDescriptor describe_wm() {
  RuleDescriptor rule;
  rule.key = "wm";
  rule.name = "Weight mirror";
  rule.help = "FA whose feedback weights learn the forward ones from noise sent through each layer.";
  rule.equation = "R ← (1−λ_m)R + η_m/N · Σ y xᵀ, y = W x, x noise";
  list_rule_settings<WmSettings>(rule.settings);
  rule.has_transport = true;
  rule.interventions = Interventions::all();
  rule.look = {FeedbackRoute::transport, rule_keys::fa, "transport learns"};
  return rule;
}

std::unique_ptr<Rule> make_wm(const WmSettings& settings);

}  // namespace grapevine
