// Feedback alignment (Lillicrap et al. 2016): BP whose linear and conv layers carry the error back through a
// fixed random weight R of W's shape; everything else stays exact (learning-rules §2).
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

inline RuleDescriptor describe_fa() {
  RuleDescriptor rule;
  rule.key = "fa";
  rule.name = "FA";
  rule.help = "Feedback alignment: BP that sends the error back through fixed random weights in W's place.";
  rule.equation = "δh = R ᵀδy in place of Wᵀδy; R fixed, Xavier uniform";
  rule.has_transport = true;
  rule.interventions = Interventions::all();
  rule.interventions.freezes = false;
  rule.interventions.why_no_freeze = "its transport never moves";
  rule.look = {FeedbackRoute::transport, "", "fixed transport", {{0x423500, 0xFADC02}}};
  return rule;
}

std::unique_ptr<Rule> make_fa();

}  // namespace grapevine
