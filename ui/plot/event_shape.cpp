#include "ui/plot/event_shape.h"

namespace grapevine {

void draw_event_shape(Painter& painter, const Theme& theme, EventShape shape, Point at, double size,
                      Colour colour) {
  const double x = at.x;
  const double y = at.y;
  switch (shape) {
    case EventShape::calibration:
      painter.fill_triangle({x - size, y - size * 0.8}, {x + size, y - size * 0.8}, {x, y + size}, colour);
      return;
    case EventShape::intervention:
      painter.fill_triangle({x - size, y - size}, {x + size, y - size}, {x, y}, colour);
      painter.fill_triangle({x - size, y + size}, {x + size, y + size}, {x, y}, colour);
      return;
    case EventShape::setting:
      painter.fill_quad({x, y - size}, {x + size, y}, {x, y + size}, {x - size, y}, colour);
      return;
    case EventShape::remark:  // a slip of paper with its corner folded
      painter.fill_rect({x - size * 0.8, y - size, size * 1.6, size * 1.3}, colour);
      painter.fill_triangle({x - size * 0.8, y + size * 0.3}, {x + size * 0.2, y + size * 0.3},
                            {x - size * 0.8, y + size}, colour);
      return;
    case EventShape::warning:
      painter.fill_triangle({x - size, y + size * 0.8}, {x + size, y + size * 0.8}, {x, y - size}, colour);
      painter.line({x, y - size * 0.3}, {x, y + size * 0.4}, {theme.plot, 1.2, Dash::solid});
      return;
    case EventShape::checkpoint:
      painter.fill_circle(at, size * 0.45, colour);
      return;
    case EventShape::beginning:
      painter.fill_rect({x - 1, y - size, 2, 2 * size}, colour);
      painter.fill_triangle({x + 1, y - size}, {x + 1, y + size * 0.2}, {x + size * 1.4, y - size * 0.4},
                            colour);
      return;
    case EventShape::end:
      painter.fill_rect({x - size * 0.7, y - size * 0.7, size * 1.4, size * 1.4}, colour);
      return;
    case EventShape::failure:
      painter.line({x - size, y - size}, {x + size, y + size}, {colour, 2, Dash::solid});
      painter.line({x - size, y + size}, {x + size, y - size}, {colour, 2, Dash::solid});
      return;
    case EventShape::other:
      painter.fill_circle(at, size * 0.6, colour);
      return;
  }
}

}  // namespace grapevine
