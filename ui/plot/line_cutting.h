// Cutting lines for painters: into dashes, and into runs that painters draw fast and without flaws. Pure
// functions.
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

/// Cuts a line where it turns back on itself, as a noisy one does in every pixel column, and after `longest`
/// points. ImGui's joins grow thorns there, and QPainter's time grows with the square of a piece's crossings.
void cut_at_turns(std::span<const Point> points, std::size_t longest,
                  const std::function<void(std::span<const Point>)>& draw);

}  // namespace grapevine
