// How one number at a segment's end comes about: back through activations, norms, pools and residual sums to
// the sum of a convolution or linear layer, each with the arithmetic written out. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/nn/network.h"
#include "engine/session/rehearsal.h"

namespace grapevine {

struct NumberTrail {
  std::vector<WorkedNumber> numbers;  ///< from below; the last is the one that was asked for
  std::string words;                  ///< what the sum at the bottom runs over; "" = it says so itself
  int weight_slot = -1;               ///< of the sum at the bottom
  std::int64_t weight_index = -1;     ///< of its largest product, in the weight's own order
};

/// Feature `unit` of segment l (from 1) for sample n, as the forward pass on `tape` left it. Without numbers
/// where a layer on the way mixes more than a page could hold, as attention does (attention_trail.h).
NumberTrail trail_of(const Network& network, int l, const NetworkTape& tape, std::int64_t n,
                     std::int64_t unit);

}  // namespace grapevine
