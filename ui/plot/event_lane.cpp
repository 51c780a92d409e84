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
      {EventShape::remark, QT_TRANSLATE_NOOP("grapevine::Figures", "note or alert")},
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

}  // namespace grapevine
