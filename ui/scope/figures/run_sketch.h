// What a run says about itself once, when it begins: its network's shape and the settings that decide whether
// its numbers may be compared with another run's. Pure functions; any thread may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/runs/run_data.h"

namespace grapevine {

/// Points that a residual path goes around, from 1; the last may be the output.
struct StageBlock {
  int first = 0, last = 0;
  bool operator==(const StageBlock&) const = default;
};

struct RunSketch {
  std::vector<std::string> segments;   ///< "linear 784→512, relu", from the input on; empty in old runs
  std::vector<std::int64_t> features;  ///< n_l at each segment's end, the classes last; empty in old runs
  std::int64_t inputs = 0;             ///< 0 = not known
  std::vector<StageBlock> blocks;      ///< residual ones; empty in old runs
  std::int64_t tests = 0;              ///< samples in the test set; 0 = not known
  /// The settings but for the rule and its learning rate: runs with equal ones are comparable. And those
  /// without the calibration's, which a rule like BP has none of.
  std::string conditions, conditions_but_calibration;

  /// n_l of a feedback point; 0 = not known.
  std::int64_t features_of(int point) const;
};

RunSketch sketch_of(const RunData& run);

}  // namespace grapevine
