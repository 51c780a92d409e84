// How many digits of a mean say something, for tables that people read. Pure; any thread.
#pragma once

#include <cmath>

namespace grapevine {

/// Behind the point, of a mean and of what stands behind its ±; −1 = four in all, as in 1.2e-05: very small
/// and very large numbers.
inline int digits_behind_point(double mean) {
  const double size = std::abs(mean);
  if (size >= 1e9 || (size > 0 && size < 1e-3)) return -1;
  return size < 100 ? 4 : size < 1000 ? 2 : 0;
}

}  // namespace grapevine
