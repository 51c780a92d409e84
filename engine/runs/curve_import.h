// Curves of another program taken in as runs. Any thread may call; other programs may use the database
// meanwhile.
//
// A CSV file has a line of names and then numbers: `step` and one column per measure (test_accuracy,
// cos_b_j[2]), with `epoch` and `seconds` where they are known; or one line per value, as export writes it:
// measure, point, step, value, and run, name, rule, seed where there are several runs; or what TensorBoard
// downloads, Wall time, Step, Value, in a file with the measure's name. Fields are separated by commas,
// semicolons or tabs.
#pragma once

#include <string>

#include "engine/runs/merge.h"

namespace grapevine {

struct ImportedCurves : MergeResult {
  std::vector<std::string> notes;  ///< what was made of the numbers, a sentence each
};

/// A run has no experiment then ('{}') and says in `origin` where it comes from. The same content is the same
/// run: a second time nothing happens. Throws InputError, naming line and column, before anything is written,
/// and WorkStopped: nothing of it is there then.
ImportedCurves import_curves(const std::string& database, const std::string& file);

}  // namespace grapevine
