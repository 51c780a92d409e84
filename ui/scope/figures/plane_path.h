// Accuracy against alignment: a path a racer, a point where it was tested. Does better aligned feedback learn
// better? Any thread may call.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/runs/run_data.h"

namespace grapevine {

struct PlanePoint {
  std::int64_t step = 0;
  double alignment = 0;  ///< mean over the feedback points of the last cos(B, J̄) measured by then
  double score = 0;      ///< test accuracy, else that of validation, else the batch's
  bool operator==(const PlanePoint&) const = default;
};

/// Empty for a rule without feedback matrices. What was tested before any alignment was measured is left out.
std::vector<PlanePoint> plane_path(const RunData& run);

}  // namespace grapevine
