// Experiments that wait for their turn, in the database: they remain when the program that queued them or
// that trains them ends. The program that trains one holds an OS lock of that entry, so that what a killed
// program left is taken up by the next. One object belongs to one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/runs/lock_file.h"
#include "engine/runs/run_status.h"
#include "engine/session/open_word.h"

namespace grapevine {

/// The state of an entry. Its words are in the database: none is ever renamed.
enum class QueueState { waiting, running, done, failed, skipped, other };
inline std::span<const char* const> vocabulary(QueueState) {
  static constexpr const char* words[] = {"waiting", "running", "done", "failed", "skipped"};
  return words;
}
using QueueWord = OpenWord<QueueState>;

struct QueueEntry {
  std::int64_t id = 0;
  std::string plan;  ///< JSON, as an experiment file
  QueueWord state;
  std::string added;       ///< ISO 8601, UTC
  std::string group_uuid;  ///< of what was queued together: a sweep's own
  std::string run_uuid;    ///< of the first run that was started for it
  std::string host, note;  ///< who took it; why it failed
  std::int64_t pid = 0;
  std::int64_t run = 0;   ///< the same run's number, 0 where there is none in this database
  StatusWord run_status;  ///< as in the runs table; none without a run
  double run_epochs = 0, run_seconds = 0;
};

/// What is to be trained next.
struct QueueTurn {
  QueueEntry entry;
  std::int64_t resumed_run = 0;  ///< not 0: it was begun before, and continues
};

class RunQueue {
 public:
  /// Makes or migrates the database. Throws InputError.
  explicit RunQueue(const std::string& database);
  ~RunQueue();

  /// Behind all others, in this order. `group_uuid`: of a sweep, or "" for a single experiment.
  std::vector<std::int64_t> add(const std::vector<std::string>& plans, const std::string& group_uuid);
  /// In the order of their turns. An entry whose program is gone waits again.
  std::vector<QueueEntry> list();
  /// The same of a database that is only looked at, of any version and where nothing may be written.
  static std::vector<QueueEntry> look(const std::string& database);
  /// "" while the database is the one that the queue was opened in; else what became of it, as "was deleted".
  /// Then whatever would change it throws RunError.
  std::string fate();
  /// Of the database; "" while it has none.
  const std::string& database_id() const;
  /// The first that waits becomes `running`, this program's; nothing when none waits.
  std::optional<QueueTurn> take();
  /// It was started as this run.
  void note_run(std::int64_t id, const std::string& run_uuid);
  void finish(std::int64_t id);
  void fail(std::int64_t id, const std::string& why);
  /// It was stopped: it waits, and continues from its checkpoint.
  void give_back(std::int64_t id);
  /// A waiting one is passed over; a skipped or failed one waits again.
  void skip(const std::vector<std::int64_t>& ids);
  void retry(const std::vector<std::int64_t>& ids);
  /// Out of the queue, unless it is being trained; their runs stay.
  void remove(const std::vector<std::int64_t>& ids);
  /// Before all others that wait.
  void move_to_front(const std::vector<std::int64_t>& ids);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine
