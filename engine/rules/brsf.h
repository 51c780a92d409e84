// Batch-wise random-magnitude sign-concordant feedback (Liao et al. 2016): FA with transport |M| ⊙ sign(W), M
// redrawn each step, Xavier uniform (learning-rules §2).
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

inline RuleDescriptor describe_brsf() {
  RuleDescriptor rule;
  rule.key = "brsf";
  rule.name = "brSF";
  rule.help = "Sign symmetry with magnitudes that are redrawn at every step.";
  rule.equation = "transport = |M| ⊙ sign(W), M new each step";
  rule.has_transport = true;
  rule.interventions.why_not = "it makes its transport again at every step, so no lesion would last";
  rule.interventions.freezes = true;
  rule.look = {FeedbackRoute::transport, rule_keys::fa, "signs, random sizes each step"};
  return rule;
}

std::unique_ptr<Rule> make_brsf();

}  // namespace grapevine
