// PEPITA (Dellaferrera & Kreiman 2022): a second forward pass on x − (N·e)Fᵀ, F n_in×C; the gradient of W_l
// is (h_l − h_l^err)ᵀ h_{l−1}^err / N, the last layer's eᵀ h^err. Same dropout mask in both passes. With
// `mirror` F is a product of per-layer matrices kept aligned by weight mirroring (Srinivasan et al. 2023).
// Segments are linear + activation (learning-rules §2).
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/feedback/mirror_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct PepitaSettings {
  bool mirrors = false;
  MirrorSettings mirror;

  void bind(Binder& to) {
    const auto switched = to.toggle(
        mirrors, "mirror", "keep the projection aligned with the weights by mirroring (Srinivasan 2023)");
    mirror.bind(to).only_where(switched.is({true}));
  }
  static PepitaSettings of(const Experiment& experiment) {
    return rule_settings_from<PepitaSettings>(experiment);
  }
};

inline RuleDescriptor describe_pepita() {
  RuleDescriptor rule;
  rule.key = "pepita";
  rule.name = "PEPITA";
  rule.help =
      "Learns from the difference between two forward passes, the second with the error added to the input.";
  rule.equation = "ΔW_l ∝ (h_l − h_l^err)ᵀ h_{l−1}^err / N, x^err = x − N·e Fᵀ";
  list_rule_settings<PepitaSettings>(rule.settings);
  rule.models = {model_keys::mlp};
  rule.has_signals = false;
  rule.look = {FeedbackRoute::input, "", "error into the input", {{0x0CA49D, 0xB8E2FD}}};
  return rule;
}

std::unique_ptr<Rule> make_pepita(const PepitaSettings& settings);

}  // namespace grapevine
