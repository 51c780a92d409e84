// Curves of runs as charts: each for itself, or several as one, with their mean and its band. Any thread.
#pragma once

#include <string>
#include <vector>

#include "app/cli/svg_chart.h"
#include "engine/runs/aggregate.h"
#include "engine/runs/comparison.h"

namespace grapevine::cli {

/// What is one line of a legend: a run, or runs behind their mean.
struct DrawnGroup {
  std::string name;
  std::vector<RunView> runs;
};

/// A comparison's groups among these runs, which outlive them. Not `asked` for: those of several seeds alone,
/// and a run for itself where nothing is averaged over.
std::vector<DrawnGroup> drawn_groups(const std::vector<RunData>& runs, const Comparison& comparison,
                                     bool asked);

/// Of scores, loss and alignment, or of these measures. Throws InputError for one that is not known or that
/// no run has.
std::vector<Chart> charts_of(const std::vector<DrawnGroup>& groups, Band band,
                             const std::vector<std::string>& measures = {});

/// "run 3: its name".
std::string label_of_run(const RunData& run);
/// What lies around a mean: "standard deviation".
std::string words_of(Band band);

}  // namespace grapevine::cli
