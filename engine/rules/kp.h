// Kolen–Pollack (Akrout et al. 2019): FA whose transport R gets the same update as W and both fade: W ← λW +
// ΔW, R ← λR + ΔW, ΔW the optimiser's step; biases don't fade (learning-rules §2).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_kp() {
  RuleDescriptor rule;
  rule.key = "kp";
  rule.name = "Kolen–Pollack";
  rule.help =
      "FA whose feedback weights get the forward weights' updates; decay makes both forget how they began.";
  rule.equation = "W ← λW + ΔW,  R ← λR + ΔW";
  rule.settings = {
      live(number_setting("decay", 0.999, 0, true, 1, false, "λ, what is left of W and R after a step"))};
  rule.has_transport = true;
  return rule;
}

}  // namespace grapevine
