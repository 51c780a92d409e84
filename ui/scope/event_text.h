// Events in words: cause and effect for the boxes that hovering shows. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "engine/session/observation.h"

namespace grapevine {

/// What happened, why, and what came of it, a line each. `label` is the run's.
std::vector<std::string> event_lines(const Event& event, const std::string& label);

}  // namespace grapevine
