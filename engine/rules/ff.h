// Forward–Forward (Hinton 2022): every layer independently raises its goodness g = mean h² on images that
// carry their label in the first C inputs and lowers it on those with a wrong one; loss softplus(θ − g⁺) +
// softplus(g⁻ − θ). Inputs of later segments are scaled to length √n (a layer the model gets under this
// rule); the last segment is a readout and learns from e.
#pragma once

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct FfSettings {
  double threshold = 2;  ///< θ

  void bind(Binder& to) {
    to.number(threshold, "threshold", above(0).at_most(1000), "θ, the goodness between positive and negative")
        .live();
  }
  static FfSettings of(const Experiment& experiment) { return rule_settings_from<FfSettings>(experiment); }
};

inline RuleDescriptor describe_ff() {
  RuleDescriptor rule;
  rule.key = "ff";
  rule.name = "Forward–Forward";
  rule.help =
      "No error at all: each layer learns to tell images with the right label from ones with a wrong label.";
  rule.equation = "L_l = softplus(θ − g⁺) + softplus(g⁻ − θ), g = mean h_l²";
  list_rule_settings<FfSettings>(rule.settings);
  rule.models = {model_keys::mlp};
  rule.scales_inputs = true;
  rule.has_signals = false;
  rule.look = {FeedbackRoute::local, rule_keys::pepita, "each layer by itself"};
  return rule;
}

std::unique_ptr<Rule> make_ff(const FfSettings& settings);

}  // namespace grapevine
