// A sweep's numbers for people and as JSON: one row per cell, and mean and standard deviation over seeds. Any
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/launch/sweep_cells.h"
#include "engine/plans/sweep.h"

namespace grapevine::cli {

/// {"sweep", "status", "keys", "cells": [{"settings", "run", "status", …numbers}], "groups": [{"settings",
/// "cells", "finished", "<number>": {"mean", "std", "n"}}]}; a standard deviation (n − 1) of one run is null.
nlohmann::json sweep_document(const Sweep& sweep, const std::vector<CellResult>& cells,
                              const std::string& status);
/// One row per cell: settings, run, status.
std::string cells_table(const std::vector<std::string>& keys, const std::vector<CellResult>& cells);
/// A line for each cell that failed, with its run and why; no more than some, and "" where none did.
std::string failures_text(const std::vector<CellResult>& cells);
/// One row per group of cells that differ in the seed alone: finished runs, mean ± standard deviation.
std::string groups_table(const std::vector<std::string>& keys, const std::vector<CellResult>& cells);

}  // namespace grapevine::cli
