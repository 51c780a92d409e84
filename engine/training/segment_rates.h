// Rates by segment (optimizer.lr_scale) as stretches of a network's flat parameters. Any thread.
#pragma once

#include <vector>

#include "engine/nn/network.h"
#include "engine/optim/optimizer.h"

namespace grapevine {

/// Throws InputError where `scales` is neither empty nor lists one factor per segment, or one more for a
/// language model's decoder.
void check_segment_rates(const NetworkSpec& spec, const std::vector<double>& scales);
/// Of checked ones; empty where they are. A decoder without a factor learns at the full rate.
std::vector<RatePart> segment_rates(const ParameterLayout& layout, const std::vector<double>& scales);

}  // namespace grapevine
