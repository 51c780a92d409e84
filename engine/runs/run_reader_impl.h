// The reader's connection and its questions, shared by the files that answer them. Private to runs/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/files/memory.h"
#include "engine/runs/checkpoint_store.h"
#include "engine/runs/database.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/run_values.h"

namespace grapevine {

class RunReader::Impl {
 public:
  explicit Impl(const std::string& file)
      : path(file),
        database(open_for_reading(file)),
        has_digests(database.execAndGet("PRAGMA user_version").getInt() >= 2) {}

  /// One question: with a whole budget, and SQLite's errors in our words.
  template <class Work>
  auto asking(Work work) {
    return within_memory("the database ", path, [&] {
      database.renew_budget();
      try {
        return work();
      } catch (const SQLite::Exception& error) {
        refuse_reading(path, error);
      }
    });
  }
  /// Part of an answer: what can't be read is noted, the rest continues.
  template <class Work>
  void as_far_as_possible(const std::string& what, Work work) {
    try {
      work();
    } catch (const SQLite::Exception& error) {
      note(what + ": " + explain(error));
    }
  }
  void note(const std::string& trouble) {
    if (std::find(troubles.begin(), troubles.end(), trouble) == troubles.end()) troubles.push_back(trouble);
  }

  std::vector<std::int64_t> listed_ids(bool deleted);
  std::vector<RunRow> rows(const RunSelection& selection);
  RunSummary summary(std::int64_t id);
  RunSummary columns(SQLite::Statement& row);  ///< of the row alone; judge() adds the rest
  /// What it came to, and whether it can be resumed.
  void judge(RunSummary& run, ValueReader& values);
  std::string experiment(std::int64_t id);
  /// Marked as running while no program holds the lock: interrupted, even if this is not stored yet.
  StatusWord true_status(std::int64_t id, const StatusWord& noted, const std::string& uuid,
                         const std::string& group_uuid, const std::string& group_kind);
  bool can_continue(std::int64_t id, const std::string& uuid);
  bool colour_chosen(std::int64_t id);
  [[noreturn]] void refuse(const std::string& id);
  CurveSketch sketch(SQLite::Statement& curves, SQLite::Statement& points, std::int64_t id);
  void load_row(RunData& run);
  std::optional<RunOrigin> origin(std::int64_t id);
  RunOrigin origin_at(std::int64_t id, std::int64_t step);
  bool is_fork(std::int64_t id);  ///< that continues with its parent's clock
  Checkpoint first_state(std::int64_t id, const RunOrigin& from);
  std::optional<Checkpoint> kept_start(const RunOrigin& from);
  void load_series(RunData& run, const std::vector<std::string>& wanted);
  void load_curve(RunData& run, SQLite::Statement& points, std::int64_t curve, const std::string& measure,
                  std::int64_t point);
  void load_events(RunData& run);
  std::vector<std::int64_t> race_of(std::int64_t id);

  const std::string path;
  GuardedDatabase database;
  const bool has_digests;  ///< version 1 of the tables has no such column
  std::optional<bool> knows_choices;
  std::vector<std::string> troubles;
};

}  // namespace grapevine
