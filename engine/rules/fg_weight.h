// Forward gradient (Baydin et al. 2022): G = (∇L·v) v with v ~ N(0, I) over all parameters, ∇L·v by one
// tangent pass (learning-rules §2).
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

inline RuleDescriptor describe_fg_weight() {
  RuleDescriptor rule;
  rule.key = "fg_weight";
  rule.name = "Forward gradient (weights)";
  rule.help = "The slope of the loss along one random direction in weight space, times that direction.";
  rule.equation = "G = (∇L·v) v, v ~ N(0, I)";
  rule.has_signals = false;
  rule.look = {FeedbackRoute::forward, rule_keys::pepita, "one random direction"};
  return rule;
}

std::unique_ptr<Rule> make_fg_weight();

}  // namespace grapevine
