// What the database has of a sweep: each cell's run and its numbers, by which the terminal and the window say
// what came of it. Plain values; one thread a reader.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/plans/sweep.h"
#include "engine/runs/run_data.h"
#include "engine/runs/run_reader.h"

namespace grapevine {

struct MeasureDescriptor;

/// What is reported of a run: (name as in the documents of train, value), NaN left out.
using RunNumbers = std::vector<std::pair<std::string, double>>;

struct CellResult {
  std::vector<std::pair<std::string, std::string>> settings;  ///< as in SweepCell
  std::int64_t run = 0;                                       ///< 0 = not begun
  StatusWord status;                                          ///< of the run; none = not begun
  RunNumbers numbers;
  std::string failure;     ///< why it failed
  std::size_t number = 0;  ///< in the whole sweep, as --cell takes it
  std::string uuid;        ///< of the run; its number may be another one's in a database that was replaced

  /// NaN where the cell has not finished, or has no such number.
  double number_of(const std::string& name) const;
};

/// A number of a cell: its name in documents, its heading in tables, and what it is.
struct NumberTold {
  std::string name, heading;
  const MeasureDescriptor* measure;
};
/// Of each score the best and the last, on validation data first, then the last loss.
const std::vector<NumberTold>& numbers_told();
RunNumbers numbers_of_run(const RunData& run);

/// The sweep's runs that are stored already, newest first.
std::vector<RunSummary> stored_cells(RunReader& reader, const std::string& sweep);
/// Each cell as it is where nothing of it was begun.
std::vector<CellResult> new_cells(const Sweep& sweep);
/// Each cell with the newest run that has its settings, a finished one before others; without numbers.
std::vector<CellResult> look_up(RunReader& reader, const Sweep& sweep);
/// Which cells a run is of, by its uuid: what need not be read again.
using KnownRuns = std::map<std::string, std::vector<std::size_t>>;
/// The same, where only runs that are new since are read; they are added to `known`.
std::vector<CellResult> look_up(RunReader& reader, const Sweep& sweep, KnownRuns& known);
/// The same with the numbers of what is finished; of a database that may not be there yet.
std::vector<CellResult> read_cells(const std::string& database, const Sweep& sweep);

}  // namespace grapevine
