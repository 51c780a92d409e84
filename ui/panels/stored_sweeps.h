// The sweeps whose runs are in the library, trained by either: the window's queue or grapevine-cli sweep.
// Pure; any thread.
#pragma once

#include <QString>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/runs/run_reader.h"

namespace grapevine {

struct StoredSweep {
  std::string group;                   ///< runs' group_uuid
  std::string name;                    ///< that its runs share, else what varies as far as the list says
  std::string started;                 ///< of its newest run, as stored
  std::vector<std::int64_t> finished;  ///< runs by number
  int failed = 0;
  int others = 0;  ///< in progress, stopped or interrupted

  QString title() const;
  /// "" where all runs are finished.
  QString left_out() const;
};

/// The newest first.
std::vector<StoredSweep> stored_sweeps(const std::vector<RunSummary>& runs);

}  // namespace grapevine
