// Uniform sign-concordant feedback (Liao et al. 2016): FA with transport s·sign(W), s = √(2/(fan_in +
// fan_out)), sign(0) = 0 (learning-rules §2).
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

inline RuleDescriptor describe_usf() {
  RuleDescriptor rule;
  rule.key = "usf";
  rule.name = "uSF";
  rule.help = "Sign symmetry: the error goes back through the signs of the weights, all of one size.";
  rule.equation = "transport = s·sign(W), s = √(2/(fan_in + fan_out))";
  rule.has_transport = true;
  rule.interventions.why_not = "it makes its transport again at every step, so no lesion would last";
  rule.interventions.freezes = true;
  rule.look = {FeedbackRoute::transport, rule_keys::fa, "signs of the weights"};
  return rule;
}

std::unique_ptr<Rule> make_usf();

}  // namespace grapevine
