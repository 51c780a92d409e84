// One head's answer to one query, written out: its scores, their softmax, and the sum of values that they
// weigh. Worker thread only.
#pragma once

#include "engine/inspection/number_trail.h"

namespace grapevine {

/// Of segment l's first attention, for the token in `row` of the batch and the feature `unit` of
/// what attention gives. Without numbers where the segment has none.
NumberTrail attention_trail(const Network& network, int l, const NetworkTape& tape, std::int64_t row,
                            std::int64_t unit);

}  // namespace grapevine
