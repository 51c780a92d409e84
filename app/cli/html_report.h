// A comparison of runs as a page that needs nothing else: figures, results, settings, what computed
// them and the commands that repeat it. Any thread.
#pragma once

#include <string>
#include <vector>

#include "app/cli/svg_chart.h"
#include "engine/runs/comparison.h"
#include "engine/runs/run_data.h"

namespace grapevine::cli {

std::string html_report(const std::vector<RunData>& runs, const Comparison& comparison);
/// The figures alone: of scores, loss and alignment, or of these measures. Throws InputError for one that is
/// not known or that no run has.
std::vector<Chart> charts_of(const std::vector<RunData>& runs, const std::vector<std::string>& measures = {});

}  // namespace grapevine::cli
