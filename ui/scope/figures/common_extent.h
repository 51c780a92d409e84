// How far up an axis reaches that several lines share. Pure; any thread may call.
#pragma once

#include <vector>

#include "ui/plot/pyramid.h"

namespace grapevine {

/// What is in view of one line.
struct LineExtent {
  Extent extent;
  double first = 0;  ///< the value that it began with, in view or not; NaN = none
};

/// A line that runs away does not stretch the axis until nothing is seen of the others: what rises beyond
/// `factor` times its own beginning and `factor` times all lines that don't leaves the axis. Where all run
/// away, or only one is there, all is shown.
Extent common_extent(const std::vector<LineExtent>& lines, double factor);

}  // namespace grapevine
