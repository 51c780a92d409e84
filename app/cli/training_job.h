// The one road of train, race and resume: engine → session → store, with progress on the way and the result
// at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/options.h"
#include "app/cli/stop_requests.h"
#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"
#include "engine/runs/run_reader.h"
#include "engine/session/checkpoint.h"
#include "engine/session/observation.h"

namespace grapevine::cli {

struct TrainingJob {
  ExperimentPlan plan;
  /// Of a resumed run or race; empty or absent for a new one.
  std::vector<std::int64_t> resumed_ids;
  std::vector<std::string> uuids;
  std::string group_uuid;
  bool in_sweep = false;  ///< a cell of the sweep `group_uuid`
  std::optional<CheckpointSet> from;
  std::vector<CommandRecord> replay;
};

/// Trains until the end, Ctrl-C or a failure; returns the exit status. Throws Error where nothing was
/// started: then nothing was stored either. Main thread.
int carry_out(const Options& options, TrainingJob job);

/// What became of a sweep's cell.
struct CellEnd {
  std::int64_t run = 0;
  std::string status;  ///< as in the runs table
  int exit_status = 0;
};
/// The same for one cell: its result is not printed, and `stops` outlives it, so that a Ctrl-C between two
/// cells counts.
CellEnd carry_out_cell(const Options& options, TrainingJob job, const StopRequests& stops);

/// The job that goes on with a stored run, and with its whole race, after the last checkpoint. Throws
/// InputError when there is nothing to go on from.
TrainingJob job_to_resume(const Options& options, RunReader& reader, std::int64_t id);

/// The stored run must find its data again from whatever folder it is resumed in.
void make_folders_absolute(Experiment& experiment);

}  // namespace grapevine::cli
