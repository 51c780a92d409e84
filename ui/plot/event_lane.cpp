// The event lane.
#include "ui/plot/event_lane.h"
#include "ui/plot/figure_words.h"

#include <cmath>

namespace grapevine {

double EventLane::lane_middle(int lane) const {
  const double height = plot().height / static_cast<double>(std::max<std::size_t>(lanes.size(), 1));
  return plot().y + height * (lane + 0.5);
}

void EventLane::draw(Painter& painter, const Theme& theme) const {
  draw_header(painter, theme);
  draw_key(painter, theme);
  draw_background(painter, theme);
  draw_time_axis(painter, theme);
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const double middle = crisp(lane_middle(static_cast<int>(i)));
    const Rect area = plot();
    painter.fill_rect({area.x - 5, middle - 4, 4, 8}, lanes[i].colour);
    painter.line({area.x, middle}, {area.right(), middle}, {theme.grid, 1, Dash::solid});
    const std::string name = shortened(painter, lanes[i].name, TextSize::small, kLeftMargin - 10);
    painter.text({area.x - 9, middle}, name, {theme.muted, TextSize::small, AlignX::right, AlignY::middle});
  }
  draw_crosshair(painter, theme);
  {
    const ClipGuard clip(painter, plot().inset(-1));
    for (const LaneEvent& event : events) {
      if (!event.hovered) draw_event(painter, theme, event);
    }
    for (const LaneEvent& event : events) {
      if (event.hovered) draw_event(painter, theme, event);
    }
  }
  draw_border(painter, theme);
  draw_empty_text(painter, theme);
}

void EventLane::draw_event(Painter& painter, const Theme& theme, const LaneEvent& event) const {
  const double at = crisp(x_pixel(event.x));
  if (!(at >= plot().x - 8 && at <= plot().right() + 8)) return;
  const Colour colour = event.shape == EventShape::failure ? theme.failure
                        : event.shape == EventShape::warning
                            ? theme.warning
                            : lanes[static_cast<std::size_t>(event.lane)].colour;
  draw_event_shape(painter, theme, event.shape, {at, crisp(lane_middle(event.lane))},
                   event.hovered ? 6.5 : 4.5, colour);
}

int EventLane::event_at(Point at) const {
  int best = -1;
  double nearest = 8;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const double distance =
        std::hypot(x_pixel(events[i].x) - at.x, (lane_middle(events[i].lane) - at.y) * 0.7);
    if (distance < nearest) {
      nearest = distance;
      best = static_cast<int>(i);
    }
  }
  return best;
}

void EventLane::draw_key(Painter& painter, const Theme& theme) const {
  struct Item {
    EventShape shape;
    const char* name;
  };
  static constexpr Item items[] = {
      {EventShape::failure, QT_TRANSLATE_NOOP("grapevine::Figures", "failed")},
      {EventShape::warning, QT_TRANSLATE_NOOP("grapevine::Figures", "warning")},
      {EventShape::remark, "note"},
      {EventShape::setting, QT_TRANSLATE_NOOP("grapevine::Figures", "setting changed")},
      {EventShape::intervention, QT_TRANSLATE_NOOP("grapevine::Figures", "lesion")},
      {EventShape::calibration, QT_TRANSLATE_NOOP("grapevine::Figures", "calibration")}};
  double right = outer.right() - kRightMargin;
  const double left = title_area().x + 6 + painter.measure(title, TextSize::title).width + 20;
  const double middle = outer.y + kHeaderHeight / 2 - 0.5;
  for (const Item& item : items) {
    bool present = false;
    for (const LaneEvent& event : events) present = present || event.shape == item.shape;
    if (!present) continue;
    const std::string name = figure_words(item.name);
    const double width = painter.measure(name, TextSize::small).width;
    if (right - width - 16 < left) return;
    painter.text({right, middle}, name, {theme.muted, TextSize::small, AlignX::right, AlignY::middle});
    const Colour colour = item.shape == EventShape::failure   ? theme.failure
                          : item.shape == EventShape::warning ? theme.warning
                                                              : theme.muted;
    draw_event_shape(painter, theme, item.shape, {crisp(right - width - 9), crisp(middle)}, 4, colour);
    right -= width + 30;
  }
}

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
