// Local losses (Nøkland & Eidnes 2019): each segment learns from (1−β)·cross-entropy of a decoder of its own
// + β·‖S(h) − S(y)‖²/N², S the cosines between centred samples (of maps: of their channels' deviations).
// Decoders start at zero and have their own Adam.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_local() {
  RuleDescriptor rule;
  rule.key = "local";
  rule.name = "Local losses";
  rule.help = "Every layer has a loss of its own: similarity matching and a small decoder.";
  rule.equation = "L_l = β‖S(h_l) − S(y)‖²/N² + (1−β)·CE(W_l h_l, y)";
  rule.settings = {
      number_setting("similarity", 0.99, 0, false, 1, false,
                     "β, weight of similarity matching against the local decoder"),
      number_setting("decoder_lr", 5e-4, 0, true, 1000, false, "learning rate of the local decoders (Adam)"),
  };
  rule.models = {"mlp", "lenet5"};
  return rule;
}

}  // namespace grapevine
