// Events in words: cause and effect for the boxes that hovering shows. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "engine/session/observation.h"
#include "ui/plot/event_lane.h"

namespace grapevine {

/// What an event looks like in the lane.
EventShape shape_of(EventKind kind);
/// What happened, why, and the result of it, a line each. `label` is the run's.
std::vector<std::string> event_lines(const Event& event, const std::string& label);

}  // namespace grapevine
