// What the reading commands share: opening the database and naming runs. Main thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/cli/options.h"
#include "engine/runs/run_reader.h"

namespace grapevine::cli {

/// Marks interrupted runs as such (where the file may be written) and opens the database. nullptr where there
/// is none yet. Throws InputError for a newer or damaged one.
std::unique_ptr<RunReader> open_runs(const Options& options);
/// The same for a command that needs a run: throws InputError when there is no database.
std::unique_ptr<RunReader> need_runs(const Options& options);

/// Each run once, in the order named; `deleted`: among those that were deleted. Throws InputError.
std::vector<std::int64_t> resolve_all(RunReader& reader, const std::vector<std::string>& names,
                                      bool deleted = false);
/// What a command did to runs, for people or as {"runs": [ids], "done": "Deleted"}.
void tell_done(const Options& options, const std::string& done, const std::vector<std::int64_t>& ids,
               const std::string& hint = "");

/// Says on standard error what of the database could not be read; returns the exit status: 0, or 1 where the
/// result is not whole.
int tell_troubles(const RunReader& reader);
/// "2026-03-01T12:34:56Z" as local time, "2026-03-01 13:34".
std::string local_time(const std::string& iso);

}  // namespace grapevine::cli
