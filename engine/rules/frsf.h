// Fixed random-magnitude sign-concordant feedback (Liao et al. 2016): FA with transport |M| ⊙ sign(W), M
// fixed, Xavier uniform (learning-rules §2).
#pragma once

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/rules/rule_fwd.h"

namespace grapevine {

inline RuleDescriptor describe_frsf() {
  RuleDescriptor rule;
  rule.key = "frsf";
  rule.name = "frSF";
  rule.help = "Sign symmetry with random magnitudes that stay.";
  rule.equation = "transport = |M| ⊙ sign(W), M fixed";
  rule.has_transport = true;
  rule.interventions = Interventions::all();
  rule.interventions.lesions = {LesionKind::randomise, LesionKind::zero, LesionKind::jacobian};
  rule.interventions.why_not =
      "the signs of its transport are those of the weights: only its sizes can be lesioned";
  rule.look = {FeedbackRoute::transport, rule_keys::fa, "signs, fixed random sizes"};
  return rule;
}

std::unique_ptr<Rule> make_frsf();

}  // namespace grapevine
