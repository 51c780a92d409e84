// A sample: DFA whose error is scaled, δ_l = gain · e B_l.
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/rules/direct_settings.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

struct SampleRuleSettings {
  double gain = 0.5;
  DirectSettings direct;

  void bind(Binder& to) {
    to.number(gain, "gain", above(0).at_most(10), "what the error is multiplied by").live();
    direct.bind_fixed(to);
  }
  static SampleRuleSettings of(const Experiment& experiment) {
    return rule_settings_from<SampleRuleSettings>(experiment);
  }
};

inline RuleDescriptor describe_sample_rule() {
  RuleDescriptor rule;
  rule.key = "sample_rule";
  rule.name = "Sample rule";
  rule.help = "Direct feedback alignment with a scaled error.";
  rule.equation = "δ_l = gain · e B_l";
  list_rule_settings<SampleRuleSettings>(rule.settings);
  rule.has_feedback = true;
  rule.calibrates = true;
  rule.look = {FeedbackRoute::direct, rule_keys::dfa, "direct, fixed B"};
  return rule;
}

std::unique_ptr<Rule> make_sample_rule(const SampleRuleSettings& settings);

}  // namespace grapevine
