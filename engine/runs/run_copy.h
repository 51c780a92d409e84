// One run with all that belongs to it, from one database into another: copied whole where it isn't known
// there, or completed where it is. Private to runs/; belongs to the thread of its connections. The caller
// has a transaction open in `into`. Throws SQLite::Exception, RunError.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/runs/checkpoint_folder.h"
#include "engine/runs/guarded_database.h"
#include "engine/runs/run_status.h"
#include "engine/runs/table_copy.h"

namespace grapevine {

/// A row of another database.
struct ForeignRun {
  std::int64_t id = 0;
  std::string uuid, group_uuid, group_kind;
  StatusWord status;
  std::string experiment, heartbeat;
};

std::vector<ForeignRun> foreign_runs(SQLite::Database& database);
/// Why its row can't be taken: names or settings that are none; "" where it can.
std::string flaw_of(const ForeignRun& run);

class RunCopy {
 public:
  RunCopy(GuardedDatabase& into, const CheckpointFolder& ours, GuardedDatabase& from,
          const CheckpointFolder& theirs)
      : into_(into), from_(from), ours_(ours), theirs_(theirs) {}
  ~RunCopy();
  RunCopy(const RunCopy&) = delete;
  RunCopy& operator=(const RunCopy&) = delete;

  /// As a new run; returns the id that it has here.
  std::int64_t take(const ForeignRun& run);
  /// The run `id` here is the same one: what it lacks is added, what was measured again takes the old value's
  /// place, its state becomes that of `run`. Its name, notes and the like stay. A second time changes
  /// nothing.
  void complete(const ForeignRun& run, std::int64_t id);

  /// What was written is committed: from now on rows name the files that were brought in. Without it they go
  /// with this object.
  void keep_files() { brought_.clear(); }

  std::int64_t checkpoints() const { return checkpoints_; }
  /// Why a checkpoint was left out.
  std::vector<std::string>& left() { return left_; }

 private:
  void copy_curves(const ForeignRun& run, std::int64_t id);
  NewIds add_missing(const std::string& table, const std::vector<std::string>& same, const ForeignRun& run,
                     std::int64_t id);
  void copy_start(const ForeignRun& run);
  void copy_checkpoints(const ForeignRun& run, std::int64_t id, const NewIds& commands);

  bool names_here(const std::string& name);
  /// Into our folder; what a row says of it.
  std::string bring_in(const std::string& source);

  GuardedDatabase &into_, &from_;
  const CheckpointFolder &ours_, &theirs_;
  std::int64_t checkpoints_ = 0;
  std::vector<std::string> brought_;
  std::vector<std::string> left_;
};

}  // namespace grapevine
