// How a stored run began: what it keeps when a later version resumes it, and what was asked of the machine.
// Any thread.
#pragma once

#include <map>
#include <string>

#include "engine/runs/run_data.h"
#include "engine/session/stepper.h"

namespace grapevine {

/// Which definitions a run's numbers follow, "arithmetic" in runs.versions. Runs without it are of version
/// 0.1.0, where a schedule's clock continued while the rate rose.
inline constexpr int arithmetic_version = 2;

/// What was resolved when the networks stood: the machine, the threads, the data.
struct ResolvedStart {
  std::string device, library, data_digest;  ///< "" = not known
  int threads = 0;                           ///< 0 = not known
};
/// Of an event `started`.
ResolvedStart resolved_start(const Event& started);
/// Takes it into a run that is being trained.
void note_start(RunData& run, const Event& started);

/// What is not known stays as a new run has it.
Beginning stored_beginning(const RunData& run);

/// The settings of the machine as they were asked for ("threads" → "0"), before they were resolved; empty for
/// runs of version 0.1.0.
std::map<std::string, std::string> asked_of_machine(const RunData& run);

}  // namespace grapevine
