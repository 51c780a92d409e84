// A comparison of runs as a page that needs nothing else: figures, results, settings, what computed
// them and the commands that repeat it. Any thread.
#pragma once

#include <string>
#include <vector>

#include "app/cli/svg_chart.h"
#include "engine/runs/comparison.h"
#include "engine/runs/run_data.h"

namespace grapevine::cli {

/// `charts`: the figures it begins with.
std::string html_report(const std::vector<RunData>& runs, const Comparison& comparison,
                        const std::vector<Chart>& charts);

}  // namespace grapevine::cli
