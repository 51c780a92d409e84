// What happened when: one lane per run with calibrations, changed settings, warnings and ends. The thread
// that draws.
#pragma once

#include "ui/plot/figure.h"

namespace grapevine {

struct LaneEvent {
  double x = 0;
  int lane = 0;  ///< index in `lanes`
  int racer = 0;
  std::size_t index = 0;  ///< in the run's events
  EventShape shape = EventShape::other;
  bool hovered = false;
};

struct Lane {
  std::string name;
  int racer = 0;
  Colour colour = 0;
};

class EventLane : public Figure {
 public:
  std::vector<Lane> lanes;
  std::vector<LaneEvent> events;

  void draw(Painter& painter, const Theme& theme) const override;
  double lane_middle(int lane) const;
  /// Index in `events` of the one nearest to a point, within a few pixels; -1 = none.
  int event_at(Point at) const;

 private:
  void draw_event(Painter& painter, const Theme& theme, const LaneEvent& event) const;
  void draw_key(Painter& painter, const Theme& theme) const;
};

}  // namespace grapevine
