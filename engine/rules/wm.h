// Weight mirror (Akrout et al. 2019): FA whose transport R learns W from noise: after each weight step, per
// layer, x = 0.1·N(0,1), y = W x, R ← (1 − λ_m) R + η_m/N · (the weight gradient of x and y) (learning-rules
// §2).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_wm() {
  RuleDescriptor rule;
  rule.key = "wm";
  rule.name = "Weight mirror";
  rule.help = "FA whose feedback weights learn the forward ones from noise sent through each layer.";
  rule.equation = "R ← (1−λ_m)R + η_m/N · Σ y xᵀ, y = W x, x noise";
  rule.settings = {
      live(number_setting("mirror_rate", 0.1, 0, false, 1000, false, "η_m, step of the mirror")),
      live(number_setting("mirror_decay", 1e-4, 0, false, 1, true,
                          "λ_m, share of the transport that fades a step")),
  };
  rule.has_transport = true;
  return rule;
}

}  // namespace grapevine
