// What happened when: a lane a run with calibrations, changed settings, warnings and ends. The thread that
// draws.
#pragma once

#include "ui/plot/figure.h"

namespace grapevine {

/// What an event looks like; unknown kinds are `other`.
enum class EventShape {
  calibration,
  intervention,
  setting,
  remark,
  warning,
  checkpoint,
  beginning,
  end,
  failure,
  other
};
/// Has every figure over time a mark there: does it change the network or its feedback at once, or did
/// somebody want it marked?
inline bool marks_figures(EventShape shape) {
  return shape == EventShape::calibration || shape == EventShape::intervention || shape == EventShape::remark;
}

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

/// The sign of one kind of event, centred at a point.
void draw_event_shape(Painter& painter, const Theme& theme, EventShape shape, Point at, double size,
                      Colour colour);

}  // namespace grapevine
