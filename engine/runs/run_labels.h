// What distinguishes runs in a legend: the rule and the settings in which they differ. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/runs/run_data.h"

namespace grapevine {

/// One per run, no two alike: "DFA", or "DFA · lr 0.1, seed 1", with the run's number where nothing else
/// helps. A run without a rule (curves of another program) is called by its name.
std::vector<std::string> labels_that_differ(const std::vector<const RunData*>& runs);

}  // namespace grapevine
