// One layer's inside: what inspection.h of the session holds, from a network that has run forward on the
// probe's batch. Worker thread only.
#pragma once

#include "engine/rules/rule.h"
#include "engine/session/inspection.h"

namespace grapevine {

/// The layer below a feedback point (from 1), as rule and lesson stand; nothing of either changes but
/// scratch: the lesson's gradients, the tape's buffers. `at_rest`: J̄ of many classes, an adjoint sweep each,
/// may be taken. Throws WorkStopped between layers where an Interruptible exists.
Inspection inspect_layer(Rule& rule, Lesson& lesson, int point, bool at_rest);

/// Eq. 4 and Lemma B.2 next to what they bound, with their conditions; none where a cosine is not there.
std::vector<BoundCheck> bounds_of(const at::Tensor& feedback, const at::Tensor& estimate,
                                  const at::Tensor& jacobian, const EstimateSettings& settings);

}  // namespace grapevine
