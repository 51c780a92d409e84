// Backpropagation: δ_l = (∂h_{l+1}/∂h_l)ᵀ δ_{l+1} from e down (learning-rules §2); δ_l has h_l's shape.
#pragma once

#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

inline RuleDescriptor describe_bp() {
  RuleDescriptor rule;
  rule.key = "bp";
  rule.name = "BP";
  rule.help = "Backpropagation: every layer's error is carried back through all layers above it.";
  rule.equation = "δ_l = (∂h_{l+1}/∂h_l)ᵀ δ_{l+1}";
  rule.look = {FeedbackRoute::backward, "", "exact", {{0x1B1F24, 0xECEAE4}}};
  return rule;
}

std::unique_ptr<Rule> make_bp();

}  // namespace grapevine
