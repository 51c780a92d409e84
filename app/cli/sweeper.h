// Carries out a sweep's cells, one after the other or several side by side in processes of their own. What is
// finished is known by its settings and skipped. Main thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "app/cli/sweep_results.h"
#include "app/cli/worker_pool.h"
#include "engine/launch/launch.h"
#include "engine/plans/sweep.h"
#include "engine/runs/cell_claim.h"
#include "engine/runs/database_identity.h"

namespace grapevine::cli {

/// Each cell with the newest run that has its settings, a finished one before others.
std::vector<CellResult> look_up(const Options& options, const Sweep& sweep);

class Sweeper {
 public:
  /// `stops` counts from its making on, so that a Ctrl-C before the first cell, or between two, is heard.
  /// `whole`: how many cells the sweep has where this is a part of them; 0 = it is all of it.
  Sweeper(const Options& options, Sweep sweep, const StopRequests& stops, std::size_t whole = 0);

  /// These cells, by their indices, in this order; `workers` at once where they are more than one. Returns
  /// the exit status; the outcome is in cells() and status().
  int run(const std::vector<std::size_t>& cells, int workers);
  int run_all(int workers);
  const std::vector<CellResult>& cells() const { return cells_; }
  /// Reads the results of finished runs. Cells whose run is not there any more count as not begun.
  void fill_numbers();
  /// Whether finished cells are not in the database any more, which was said then.
  bool has_lost() const { return lost_; }
  /// Whether another program still trains some of the cells that were to be run, which was said then.
  bool waits_for_others() const { return !others_.empty(); }
  const StatusWord& status() const { return status_; }

 private:
  int run_once(const std::vector<std::size_t>& cells, int workers);
  int run_in_turn(const std::vector<std::size_t>& cells);
  /// Makes a cell this program's until release(); false where it is finished, or where another program trains
  /// it, which is said.
  bool claim(std::size_t i);
  void release(std::size_t i) { claims_.erase(i); }
  /// What other programs have made of a cell meanwhile.
  void look_again(std::size_t i);
  int run_beside(const std::vector<std::size_t>& cells, int workers);
  LaunchRequest request_for(std::size_t i);
  /// Whether the database is gone, which is said once: then nothing more is begun.
  bool is_lost();
  void tell_lost(const std::string& what, std::size_t finished);
  void forget(std::size_t i);
  void note_end(std::size_t i, const std::string& uuid, int exit_status);
  std::string uuid_of(std::int64_t run);
  void tell_done(std::size_t i);
  void tell_end(std::size_t i, const WorkerEnd& end);
  void tell_progress(int busy, int workers);
  std::string place(std::size_t i) const;
  /// "about 3:05 left", by what the cells that have ended took; "" before one has, and after the last.
  std::string time_left() const;

  const Options& options_;
  const StopRequests& stops_;
  Sweep sweep_;
  const std::size_t whole_;
  Console console_;
  DatabaseIdentity database_{options_.database_path()};
  std::vector<CellResult> cells_;
  StatusWord status_ = RunStatus::finished;
  bool lost_ = false;
  KnownRuns known_;
  std::map<std::size_t, std::unique_ptr<CellClaim>> claims_;  ///< of the cells that are being trained here
  std::set<std::size_t> others_;                              ///< that another program is training
  std::set<std::size_t> beside_;  ///< finished, and kept elsewhere than in the database that was there
  std::chrono::steady_clock::time_point looked_{};
  // Of the cells of a run().
  std::size_t ended_ = 0, to_do_ = 0;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace grapevine::cli
