// What kinds of events look like, in the lane of events and over every figure's time. The thread that draws.
#pragma once

#include "ui/plot/painter.h"
#include "ui/plot/theme.h"

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
/// Has every figure over time a mark there: does it change what happens from there on, or did the user want
/// it marked?
inline bool marks_figures(EventShape shape) {
  return shape == EventShape::calibration || shape == EventShape::intervention ||
         shape == EventShape::setting || shape == EventShape::remark;
}

/// The sign of one kind of event, centred at a point.
void draw_event_shape(Painter& painter, const Theme& theme, EventShape shape, Point at, double size,
                      Colour colour);

}  // namespace grapevine
