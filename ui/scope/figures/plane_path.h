// One measure against another: one path per racer, a point where the one upwards was measured. By default
// accuracy against alignment: does better aligned feedback learn better? Any thread may call.
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

/// The measure of scores that a run's path has; −1 = none.
int score_measure(const RunData& run);

/// A measure's value known at a step: of layers the mean over them (of a B's alignment times its rule's
/// sign). NaN before the first.
double known_at(const RunData& run, int measure, std::int64_t step);

/// The same for any two measures (indices in measures()); of very many points every so many.
struct MeasuredPoint {
  std::int64_t step = 0;
  double across = 0, up = 0;
};
std::vector<MeasuredPoint> measured_path(const RunData& run, int across, int up);

}  // namespace grapevine
