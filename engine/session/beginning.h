// What a run's first event says. Pure; any thread may call.
#pragma once

#include <string>

#include "engine/experiment/experiment.h"
#include "engine/session/stepper.h"

namespace grapevine {

/// A JSON object: what a drawing of the run needs to know besides its numbers, what a resumed run is to keep,
/// and what was asked of the machine, before it was resolved.
std::string how_it_begins(const RaceInfo& info, std::size_t racer, const Experiment& experiment);

}  // namespace grapevine
