// A run as one file: a Grapevine database that holds nothing else, and in a table of its own the state that
// otherwise lies next to a database. Any thread may call; other programs may use the databases meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/runs/merge.h"

namespace grapevine {

/// Experiments, curves, events and commands of the runs (by uuid), with `with_checkpoints` their states too.
/// Returns the file's size. Throws InputError, for a run that is in progress too, RunError and WorkStopped;
/// then an older file of that name stays, and nothing else is left.
std::int64_t write_run_file(const std::string& database, const std::vector<std::string>& uuids,
                            const std::string& file, bool with_checkpoints);
/// Takes in the runs of such a file, or of any other Grapevine database, with their states. A run that is
/// here by its uuid stays as it is.
MergeResult import_run_file(const std::string& database, const std::string& file);

}  // namespace grapevine
