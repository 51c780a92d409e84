// A run in the terminal: launch, progress on the way, the result at the end. train, race, resume and sweep
// take this road. Main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/cli/options.h"
#include "app/cli/stop_requests.h"
#include "engine/launch/launch.h"

namespace grapevine::cli {

/// Trains until the end, Ctrl-C or a failure; returns the exit status. Throws Error where nothing was
/// started: then nothing was stored either.
int carry_out(const Options& options, LaunchRequest request);

/// What became of a sweep's cell.
struct CellEnd {
  std::int64_t run = 0;
  StatusWord status;  ///< as in the runs table
  int exit_status = 0;
  std::string uuid;  ///< of the run
};
/// The same for one cell: its result is not printed, and `stops` outlives it, so that a Ctrl-C between two
/// cells counts. `begun` hears its run's number once its row is stored.
CellEnd carry_out_cell(const Options& options, LaunchRequest request, const StopRequests& stops,
                       std::function<void(std::int64_t run)> begun = {});

/// What continues a stored run, with the command line's device and threads.
LaunchRequest request_to_resume(const Options& options, std::int64_t id);

}  // namespace grapevine::cli
