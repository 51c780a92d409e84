// Failed runs told of in the groups of a comparison, whose numbers they leave as they are. Values; any
// thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/runs/comparison.h"

namespace grapevine {

/// Each to the group of its settings, and a group without a number behind the others where none has them.
void add_failed_runs(Comparison& all, RunReader& reader, const std::vector<std::int64_t>& runs);

}  // namespace grapevine
