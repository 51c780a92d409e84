// A note about a step: an event that changes no number. Values; any thread.
#pragma once

#include <string>

#include "engine/session/observation.h"

namespace grapevine {

struct StepNote {
  int racer = 0;
  std::int64_t step = -1;  ///< -1 = the present one
  std::string text;
};

/// Of a run that has made `now` steps, which are `epoch` epochs. Throws InputError for a step that is not yet
/// there.
Event event_of(const StepNote& note, std::int64_t now, double epoch);

}  // namespace grapevine
