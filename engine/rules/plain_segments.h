// For rules that need segments of one linear layer with an activation behind it. Worker thread only.
#pragma once

#include <string>
#include <vector>

#include "engine/nn/network.h"

namespace grapevine {

/// Index of the linear layer in each segment, at [l−1]. Throws InputError naming the rule and the first
/// segment that has other than exactly one linear layer among layers that mix no features (Features).
std::vector<std::size_t> linear_layers(const Network& network, const std::string& rule);

}  // namespace grapevine
