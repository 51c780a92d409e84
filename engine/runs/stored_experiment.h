// The settings that the database has of a run. Any thread.
#pragma once

#include "engine/experiment/experiment.h"
#include "engine/runs/run_data.h"

namespace grapevine {

/// What replaces the settings where a run is curves alone.
inline constexpr const char* no_experiment = "{}";

/// Throws InputError, naming the run, for settings that are not valid JSON or not of this version.
Experiment stored_experiment(const RunData& run);

}  // namespace grapevine
