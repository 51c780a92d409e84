// Stores a session's observations: one thread of its own between the mailbox and SQLite. The worker and the
// window never wait for it. Public functions may be called from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/runs/run_origin.h"
#include "engine/runs/run_status.h"
#include "engine/session/session.h"

namespace grapevine {

/// What the writer needs to know of a run before its first row.
struct StoredRace {
  std::vector<Experiment> racers;
  std::vector<std::string> uuids;
  std::string group_uuid;                 ///< "" for a single run
  std::string group_kind;                 ///< "race" | "sweep" | ""
  std::vector<RunOrigin> origins;         ///< of new runs that begin at others' checkpoints; else empty
  bool forks = false;                     ///< such runs continue with the others' clock
  std::vector<std::int64_t> resumed_ids;  ///< rows to continue with (resume); empty = make new rows
  /// The step of the checkpoint they continue from (RunReader::checkpoint); what was stored after it is
  /// deleted. -1 = that of their latest whole checkpoint, found by reading it.
  std::int64_t resumed_step = -1;
  /// Commands that were asked for beforehand: stored as still to be carried out.
  std::vector<CommandRecord> script = {};
  bool from_start =
      false;  ///< no checkpoint was written yet: they begin again, all that is stored of them is deleted
  /// Of rows to continue with: run_marks() as they were when the run was read, before this program held its
  /// lock. Others are refused, and nothing is deleted. Empty = not compared.
  std::vector<std::string> marks = {};
};

class RunWriter {
 public:
  /// Opens (or makes) the database, takes the run's lock file and commits the runs' rows at once. Throws
  /// InputError when the database can't be written (read-only, full, newer version, not a database) or when
  /// the run to be resumed is held by another program. An event `started` whose data has "device", "threads"
  /// and "library" fills those columns.
  /// `box`: an outlet's that a session fills already; nullptr = one of its own.
  RunWriter(const std::string& database, StoredRace race, std::shared_ptr<ObservationBox> box = nullptr);
  /// Drains the mailbox, sets the final status, releases the lock.
  ~RunWriter();
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;

  /// To be given to the Session as an outlet (it asks for checkpoints).
  Outlet outlet() const;
  /// Rows of `runs`, one per racer.
  const std::vector<std::int64_t>& ids() const;
  /// Called when the session is done: waits until everything is on disk, or until that failed for some
  /// seconds (then trouble() says what is lost). `failure` becomes an event where the session reported none.
  /// "finished" and "stopped" are noted last, when samples, events and the last checkpoint are durable; a run
  /// of which something is missing is noted as interrupted. Later calls do nothing.
  void finish(const StatusWord& status, const std::string& failure);

  std::int64_t rows_waiting() const;  ///< for the status bar
  /// "" while everything works; else one sentence that names the file (disk full, deleted …). The writer
  /// keeps the rows in memory and tries again; what lasts some seconds is written to a side file
  /// (side_file.h), from which it comes back where it can.
  std::string trouble() const;
  /// After finish(): nothing of the run is missing, be it in the database or in a side file.
  bool whole() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine
