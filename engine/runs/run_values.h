// A run's curves in summary: last, best and mean value. They are in the table run_values from the
// end of a run on, so that a list of runs needs no samples. What writes or deletes samples forgets the
// run's values in the same transaction: those that stand are never looked at again. Private to runs/; the
// thread of the connection.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "engine/runs/run_reader.h"

namespace grapevine {

/// Makes a run's values from its samples, in the caller's transaction. Returns how many samples were read.
std::int64_t store_run_values(SQLite::Database& database, std::int64_t run);
/// The same for a run that has just ended, unless its values are there already.
void store_final_values(SQLite::Database& database, std::int64_t run);
/// Its samples change: an earlier summary no longer counts, and the next one to list the runs makes another.
/// In the caller's transaction.
void forget_run_values(SQLite::Database& database, std::int64_t run);

/// Reads the summaries of curves: from the table, or from the samples where a run is still in progress, or is
/// of a program that knew no such table. Made for one answer: statements stay prepared.
class ValueReader {
 public:
  explicit ValueReader(SQLite::Database& database);
  /// Point → values, of one measure; empty where the run has none of it. `status` as in the row.
  std::map<int, CurveValues> of(std::int64_t run, const StatusWord& status, const MeasureDescriptor& measure);

 private:
  std::map<int, CurveValues> stored(std::int64_t run, const std::string& measure);
  std::map<int, CurveValues> measured(std::int64_t run, const MeasureDescriptor& measure);
  bool are_stored(std::int64_t run);

  std::optional<SQLite::Statement> stored_, any_;  ///< where there is such a table
  SQLite::Statement curves_, points_;
  std::optional<std::int64_t> asked_run_;  ///< whose answer of are_stored() is known
  bool asked_are_stored_ = false;
};

}  // namespace grapevine
