// Direct random target projection (Frenkel et al. 2021): δ_l = (1/N)·onehot(y) B_l, no error needed
// (learning-rules §2). A well-aligned B is near −J̄ in direction: the signal is + onehot.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

inline constexpr double drtp_alignment_sign = -1;

struct DrtpSettings {
  DirectSettings direct;

  void bind(Binder& to) { direct.bind_fixed(to); }
  static DrtpSettings of(const Experiment& experiment) {
    return rule_settings_from<DrtpSettings>(experiment);
  }
};

inline RuleDescriptor describe_drtp() {
  RuleDescriptor rule;
  rule.key = "drtp";
  rule.name = "DRTP";
  rule.help =
      "Direct random target projection: each layer learns from the label alone, before the output is known.";
  rule.equation = "δ_l = (1/N)·onehot(y) B_l";
  list_rule_settings<DrtpSettings>(rule.settings);
  rule.needs_classes = true;
  rule.has_feedback = true;
  rule.interventions = Interventions::all();
  rule.calibrates = true;
  rule.alignment_sign = drtp_alignment_sign;
  rule.look = {FeedbackRoute::direct, "", "direct from the labels", {{0x7B0663, 0xD6488A}}};
  return rule;
}

std::unique_ptr<Rule> make_drtp(const DrtpSettings& settings);

}  // namespace grapevine
