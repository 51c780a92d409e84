// Runs that are read already, grouped over their seeds as a comparison of stored ones groups them. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/runs/run_data.h"

namespace grapevine {

/// Places of runs that differ in nothing but the seed, of which there are two or more; any other run is a
/// group by itself. In the order of their first runs.
std::vector<std::vector<std::size_t>> groups_over_seeds(const std::vector<const RunData*>& runs);

/// What tells one from another but for the seed, as labels_that_differ() has it.
std::vector<std::string> labels_but_for_seeds(const std::vector<const RunData*>& runs);

}  // namespace grapevine
