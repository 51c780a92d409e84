// The writer's SQL: rows of new and of resumed runs, batches of samples, statuses, checkpoints.
// Each function is one transaction: all or nothing. Private to runs/; used by one thread at a time. Throws
// SQLite::Exception, after which the store must be closed and opened again.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "engine/runs/checkpoint_store.h"
#include "engine/runs/guarded_database.h"
#include "engine/runs/run_status.h"
#include "engine/runs/run_writer.h"

namespace grapevine {

/// Everything of a batch but its samples.
struct RunNews {
  std::vector<Event> events;
  std::vector<CommandRecord> commands;
  std::int64_t step = -1;  ///< -1 = unchanged
  double epoch = 0;
  std::vector<StatusWord> status;    ///< a racer each
  std::vector<std::string> failure;  ///< a racer each
  std::vector<bool> left;            ///< a racer each: it reached its end, perhaps before the others
};

/// A checkpoint that was written, wherever its files lie.
struct KnownSet {
  WrittenSet set;
  std::int64_t commands = 0;  ///< so many are in it
};

/// What is stored of runs in progress, so that it can be stored again elsewhere.
struct StoredPast {
  std::vector<Sample> samples;
  std::vector<Event> events;
  std::vector<CommandRecord> commands;
  std::vector<KnownSet> checkpoints;  ///< the latest last
};

/// Names that decide where a run's lock is.
struct RunIdentity {
  std::string uuid, group_uuid, group_kind;
};

class RunStore {
 public:
  /// Opens or makes the database (connect_for_writing). Throws InputError too.
  explicit RunStore(const std::string& path);

  std::vector<std::int64_t> insert_runs(const StoredRace& race);
  /// Throws InputError for an id that isn't there, and for an invalid uuid.
  RunIdentity identity(std::int64_t id);
  /// Who wrote a run last, for messages: "process 123 on host".
  std::string holder(std::int64_t id);
  /// The step that resumed runs continue from when the caller names none.
  std::int64_t latest_step(const std::vector<std::int64_t>& ids);
  /// The last row of commands of the runs in use, for WrittenSet::covered; 0 without any.
  std::int64_t last_command() { return command_at(-1); }
  /// The same as if the runs had only their first `count` commands; -1 = all.
  std::int64_t command_at(std::int64_t count);
  /// What the rows say: the status and the failure of each run in use.
  std::vector<std::pair<StatusWord, std::string>> statuses();
  static constexpr std::int64_t before_all_steps = -1;
  /// Deletes what came after `step` and marks the runs running again. Commands after it are kept for a
  /// replay, marked as not yet carried out again.
  void resume_runs(const std::vector<std::int64_t>& ids, std::int64_t step,
                   const std::vector<CommandRecord>& script = {});

  /// From now on racer i is the run ids[i].
  void use(std::vector<std::int64_t> ids) { ids_ = std::move(ids); }
  /// `rest` nullptr: only samples. An empty batch is a heartbeat.
  void write(std::span<const Sample> samples, const RunNews* rest);
  /// From now on each transaction is on the disk itself, with all before it, when it returns.
  void make_durable();
  /// Of the runs in use; at most `most` samples, the latest.
  StoredPast past(std::size_t most);
  GuardedDatabase& connection() { return database_; }
  std::string database_id() { return grapevine::database_id(database_); }
  /// Moves the content of SQLite's log into the file, as far as readers allow. Whether it is all there now.
  bool settle_log();
  /// The folder for their files, made where it is missing (checkpoint_folder.h). Throws RunError too.
  std::string checkpoint_folder() { return folder().path(); }
  void add_checkpoint(const WrittenSet& set);
  /// Of a finished run: its best checkpoint alone stays, where there is one.
  void keep_the_best_alone(std::int64_t id);
  /// The same with files of another folder, which stay where they are.
  void bring_in(WrittenSet set);
  void remove_orphans(const std::vector<std::string>& uuids);

 private:
  using Curve = std::tuple<std::uint16_t, std::uint16_t, std::uint16_t>;
  const CheckpointFolder& folder();
  void delete_after(std::int64_t id, std::int64_t step);
  /// Racers that had failed before the checkpoint take no further part in the race.
  std::vector<bool> failed_before(const std::vector<std::int64_t>& ids, std::int64_t step);
  std::vector<WrittenSet> whole_sets();
  std::int64_t series_of(const Sample& sample);
  void write_samples(std::span<const Sample> samples);
  void write_rest(const RunNews& news);
  void write_event(const Event& event);
  void note_start(const Event& started);
  void write_command(const CommandRecord& command);
  void take_back(const CommandRecord& command);
  void ask_for(std::int64_t id, const std::vector<CommandRecord>& script);
  void write_progress(const RunNews& news);

  std::string path_;
  GuardedDatabase database_;
  std::optional<CheckpointFolder> folder_;  ///< once it was needed
  std::vector<std::int64_t> ids_;
  std::map<Curve, std::int64_t> series_;
  std::vector<std::string> dropped_;  ///< files that no row names once the transaction is committed
};

}  // namespace grapevine
