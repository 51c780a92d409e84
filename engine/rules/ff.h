// Forward–Forward (Hinton 2022): every layer by itself raises its goodness g = mean h² on images that carry
// their label in the first C inputs and lowers it on those with a wrong one; loss softplus(θ − g⁺) +
// softplus(g⁻ − θ). Inputs of later segments are scaled to length √n (a layer the model gets under this
// rule); the last segment is a readout and learns from e.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_settings.h"

namespace grapevine {

inline RuleDescriptor describe_ff() {
  RuleDescriptor rule;
  rule.key = "ff";
  rule.name = "Forward–Forward";
  rule.help =
      "No error at all: each layer learns to tell images with the right label from ones with a wrong label.";
  rule.equation = "L_l = softplus(θ − g⁺) + softplus(g⁻ − θ), g = mean h_l²";
  rule.settings = {
      live(number_setting("threshold", 2, 0, true, 1000, false,
                          "θ, the goodness between positive and negative")),
  };
  rule.models = {"mlp"};
  rule.scales_inputs = true;
  return rule;
}

}  // namespace grapevine
