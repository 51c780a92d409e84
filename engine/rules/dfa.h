// Direct feedback alignment (Nøkland 2016): δ_l = e B_l, e N×C, B_l C×n_l fixed and random (learning-rules
// §2).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct DfaSettings {
  DirectSettings direct;

  void bind(Binder& to) { direct.bind_fixed(to); }
  static DfaSettings of(const Experiment& experiment) { return rule_settings_from<DfaSettings>(experiment); }
};

inline RuleDescriptor describe_dfa() {
  RuleDescriptor rule;
  rule.key = "dfa";
  rule.name = "DFA";
  rule.help = "Direct feedback alignment: the output error reaches each layer through a fixed random matrix.";
  rule.equation = "δ_l = e B_l";
  list_rule_settings<DfaSettings>(rule.settings);
  rule.has_feedback = true;
  rule.interventions = Interventions::all();
  rule.calibrates = true;
  rule.look = {FeedbackRoute::direct, "", "direct, fixed B", {{0xDD5D0B, 0xF09E7C}}};
  return rule;
}

std::unique_ptr<Rule> make_dfa(const DfaSettings& settings);

}  // namespace grapevine
