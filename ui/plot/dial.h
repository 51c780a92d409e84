// The dial of a needle: a half circle whose upright is 0°, whose level is 90° and whose foot is 180°; and the
// arrows that lead to it. Free functions over a painter; the thread that draws.
#pragma once

#include <span>
#include <vector>

#include "ui/plot/painter.h"
#include "ui/plot/theme.h"

namespace grapevine {

/// The point `length` away from the pivot in a direction: 0° up, 90° right, 180° down.
Point needle_tip(Point pivot, double degrees, double length);

struct DialFace {
  Point pivot;
  double radius = 46;
  double chance = 0;  ///< half the width of the band round 90°, degrees; NaN or 0 = none
};

void draw_dial_face(Painter& painter, const Theme& theme, const DialFace& face);
/// From `low` to `high` degrees, past the rim so that it shows beyond the needle's head.
void draw_fan(Painter& painter, const Theme& theme, const DialFace& face, double low, double high,
              Colour hue);
/// NaN is drawn as a dash across the pivot.
void draw_needle(Painter& painter, const DialFace& face, double degrees, Colour hue);
/// Dashed, with an open tip: where the needle was.
void draw_ghost(Painter& painter, const Theme& theme, const DialFace& face, double degrees, Colour hue);

/// A line through the corners, whose turns are quarter circles of at most `radius`.
std::vector<Point> rounded_path(std::span<const Point> corners, double radius);
/// A line with a head at its end; the head's tip is the last point.
void draw_arrow(Painter& painter, std::span<const Point> path, double width, Colour colour,
                Dash dash = Dash::solid);

}  // namespace grapevine
