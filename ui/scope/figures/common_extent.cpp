#include "ui/scope/figures/common_extent.h"

#include <algorithm>
#include <cmath>

namespace grapevine {

Extent common_extent(const std::vector<LineExtent>& lines, double factor) {
  Extent common;
  const auto grew = [&](const LineExtent& line) {
    return line.extent.highest > factor * std::max(std::abs(line.first), 1e-12);
  };
  for (const LineExtent& line : lines)
    if (!grew(line)) common.add(line.extent);
  const bool others = !common.empty();
  const double bound = factor * std::max(std::abs(common.highest), 1e-12);
  for (const LineExtent& line : lines) {
    if (!grew(line)) continue;
    if (others && line.extent.highest > bound)
      common.add(line.first);  // where it comes from stays in sight
    else
      common.add(line.extent);
  }
  return common;
}

}  // namespace grapevine
