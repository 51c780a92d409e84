// Dashed lines for painters that know only whole ones. Pure functions.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ui/plot/painter.h"

namespace grapevine {

/// Lengths of line and gap in turn, as multiples of the line's width; empty for a solid line.
std::span<const double> dash_pattern(Dash dash);

/// Cuts a line by its pattern and calls `draw` with each piece that is to be seen, in order.
void cut_into_dashes(std::span<const Point> points, std::span<const double> pattern, double width,
                     const std::function<void(std::span<const Point>)>& draw);

}  // namespace grapevine
