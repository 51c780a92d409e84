// Whether a network's batch norms have enough values to normalise by. Arithmetic on descriptions; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "engine/experiment/layer_spec.h"

namespace grapevine {

/// The fewest values per channel that any batch norm of the network has of one sample; 0 = it has no batch
/// norm.
std::int64_t least_norm_values(const NetworkSpec& spec);
/// A sentence where some batch has a single value per channel: what batch norm makes of it is its bias,
/// whatever came in, and nothing before it learns. "" where none has.
std::string norm_note(const NetworkSpec& spec, std::int64_t batch, std::int64_t records);

}  // namespace grapevine
