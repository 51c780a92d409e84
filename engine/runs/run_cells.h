// What single runs have under keys: read from a row's columns, its experiment and the values of its curves.
// Private to runs/; made for one answer, the thread of the connection.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/run_key.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/run_values.h"

namespace grapevine {

class RunCells {
 public:
  RunCells(SQLite::Database& database, std::vector<RunKey> keys);
  /// In the order of the keys.
  std::vector<RunCell> of(const RunSummary& run, ValueReader& values);
  /// Under one of the keys. The settings of a run are read with the first that is asked for.
  RunCell at(std::size_t key, const RunSummary& run, ValueReader& values);

 private:
  void read_settings(const RunSummary& run);

  std::vector<RunKey> keys_;
  std::vector<std::size_t> settings_;            ///< places of the keys that are settings
  std::optional<SQLite::Statement> experiment_;  ///< their types and values
  std::vector<RunCell> read_;                    ///< the settings' cells of read_run_, the others empty
  std::optional<std::int64_t> read_run_;
};

}  // namespace grapevine
