// Local losses (Nøkland & Eidnes 2019): each segment learns from (1−β)·cross-entropy of a decoder of its own
// + β·‖S(h) − S(y)‖²/N², S the cosines between centred samples (of maps: of their channels' deviations).
// Decoders start at zero and have their own Adam.
#pragma once

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct LocalSettings {
  double similarity = 0.99;  ///< β
  double decoder_lr = 5e-4;

  void bind(Binder& to) {
    to.number(similarity, "similarity", at_least(0).at_most(1),
              "β, weight of similarity matching against the local decoder");
    to.number(decoder_lr, "decoder_lr", above(0).at_most(1000), "learning rate of the local decoders (Adam)");
  }
  static LocalSettings of(const Experiment& experiment) {
    return rule_settings_from<LocalSettings>(experiment);
  }
};

inline RuleDescriptor describe_local() {
  RuleDescriptor rule;
  rule.key = "local";
  rule.name = "Local losses";
  rule.help = "Every layer has a loss of its own: similarity matching and a small decoder.";
  rule.equation = "L_l = β‖S(h_l) − S(y)‖²/N² + (1−β)·CE(W_l h_l, y)";
  list_rule_settings<LocalSettings>(rule.settings);
  rule.models = {model_keys::mlp, model_keys::lenet5};
  rule.look = {FeedbackRoute::local, rule_keys::pepita, "each layer by itself"};
  return rule;
}

std::unique_ptr<Rule> make_local(const LocalSettings& settings);

}  // namespace grapevine
