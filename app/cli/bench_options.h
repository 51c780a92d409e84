// What bench was asked for. Main thread only.
#pragma once

#include <string>
#include <vector>

#include "app/cli/options.h"

namespace grapevine::cli {

struct BenchOptions {
  std::string experiment;  ///< a file or preset, "" = none
  std::vector<std::string> rules;
  int steps = 20;
  bool progress = false;
};

/// `bench table5`.
int bench_table5(const Options& options, const BenchOptions& own);

}  // namespace grapevine::cli
