// A sweep's numbers for people and as JSON: one row per cell, and mean and standard deviation over seeds. Any
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/plans/sweep.h"
#include "engine/runs/run_data.h"

namespace grapevine::cli {

/// What is reported of a run: (name as in the documents of train, value), NaN left out.
using RunNumbers = std::vector<std::pair<std::string, double>>;

struct CellResult {
  std::vector<std::pair<std::string, std::string>> settings;  ///< as in SweepCell
  std::int64_t run = 0;                                       ///< 0 = not begun
  StatusWord status;                                          ///< of the run; none = not begun
  RunNumbers numbers;
  std::string failure;     ///< why it failed
  std::size_t number = 0;  ///< in the whole sweep, as --cell takes it
  std::string uuid;        ///< of the run; its number may be another one's in a database that was replaced
};

RunNumbers numbers_of_run(const RunData& run);

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
