// The sweeps whose runs are in the library, trained by either: the window's queue or grapevine-cli sweep.
// Pure; any thread.
#pragma once

#include <QString>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/runs/run_reader.h"

namespace grapevine {

struct StoredSweep {
  std::string group;                   ///< runs' group_uuid
  std::string name;                    ///< that its runs share, else what varies as far as the list says
  int varied_at = -1;                  ///< where other settings that vary belong in it; -1: its runs share it
  std::string started;                 ///< of its newest run, as stored
  std::vector<std::int64_t> finished;  ///< runs by number
  struct Failed {
    std::int64_t run = 0;
    std::string why;
  };
  std::vector<Failed> failed;
  std::vector<std::int64_t> others;  ///< in progress, stopped or interrupted

  /// `varied`: other settings that vary, as varied_settings() has them.
  QString title(const QString& varied = {}) const;
  std::vector<std::int64_t> runs() const;  ///< all
  /// How many, and why the first of those that failed did; "" where all runs are finished.
  QString left_out() const;
  /// A line for each that failed: its run and why.
  QString reasons() const;
  /// Of each cell its finished runs, or else the newest alone: what was trained again counts once. `cells`:
  /// by run, as cell_of() has it.
  StoredSweep cell_by_cell(const std::map<std::int64_t, std::string>& cells) const;
};

/// What runs of the same cell of a sweep have in common: the stored experiment without what it says of the
/// machine.
std::string cell_of(const std::string& experiment);

/// In what else than rule, model, data and seed these stored experiments differ: "Learning rate: 0.1, 0.01".
QString varied_settings(const std::vector<std::string>& experiments);

/// The newest first.
std::vector<StoredSweep> stored_sweeps(const std::vector<RunSummary>& runs);

}  // namespace grapevine
