// The one road of train, race and resume: engine → session → store, with progress on the way and the result
// at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/options.h"
#include "engine/training/checkpoint.h"
#include "engine/training/experiment.h"
#include "engine/training/observation.h"

namespace grapevine::cli {

struct TrainingJob {
  ExperimentPlan plan;
  /// Of a resumed run or race; empty or absent for a new one.
  std::vector<std::int64_t> resumed_ids;
  std::vector<std::string> uuids;
  std::string group_uuid;
  std::optional<CheckpointSet> from;
  std::vector<CommandRecord> replay;
};

/// Trains until the end, Ctrl-C or a failure; returns the exit status. Throws Error where nothing was
/// started: then nothing was stored either. Main thread.
int carry_out(const Options& options, TrainingJob job);

}  // namespace grapevine::cli
