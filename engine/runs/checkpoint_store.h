// The checkpoints of a set of runs: files in the database's folder of checkpoints, rows in the database. A
// set counts when its rows are committed, and those are written after all of its files are in place. Private
// to runs/.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/runs/checkpoint_file.h"
#include "engine/runs/checkpoint_folder.h"

namespace grapevine {

/// The files of one set, racer by racer, as written.
struct WrittenSet {
  std::int64_t step = 0;
  double epoch = 0;
  std::vector<CheckpointFile> files;
  std::vector<bool> best;    ///< a racer each: its best so far
  std::int64_t covered = 0;  ///< the last row of commands whose effect the set contains
};

/// Writes the files of a set, next to an earlier one of the same step; needs no connection, so that it may
/// run on a thread of its own. All files or none. Throws RunError, InputError.
WrittenSet write_set(const std::string& folder, const std::vector<std::string>& uuids,
                     const CheckpointSet& set);

/// Adds the rows of a set (in place of an earlier one of the same step) and removes those of all but the
/// newest `keep` steps, a run's latest best and what other runs begin with. To be called inside a
/// transaction; returns the files (absolute) to be removed once it is committed.
std::vector<std::string> insert_set(SQLite::Database& database, const CheckpointFolder& folder,
                                    const std::vector<std::int64_t>& runs, const WrittenSet& set,
                                    int keep = 2);

/// The steps at which all the runs have a checkpoint, the latest first.
std::vector<std::int64_t> common_steps(SQLite::Database& database, const std::vector<std::int64_t>& runs);
/// Reads and checks the latest set that is whole; without racers where none was written. Throws InputError
/// when none of those written can be read, and when a row names what can't be a checkpoint of its run.
CheckpointSet latest_set(SQLite::Database& database, const CheckpointFolder& folder,
                         const std::vector<std::int64_t>& runs);

/// Removes the rows after `step` (inside the caller's transaction); returns their files.
std::vector<std::string> drop_sets_after(SQLite::Database& database, const CheckpointFolder& folder,
                                         std::int64_t run, std::int64_t step);
/// Removes the rows of states that contain a command (its row in `commands`); returns their files.
std::vector<std::string> drop_sets_with_command(SQLite::Database& database, const CheckpointFolder& folder,
                                                std::int64_t run, std::int64_t command);
/// Removes all rows but that of the run's latest best, where it has one; returns their files.
std::vector<std::string> drop_all_but_best(SQLite::Database& database, const CheckpointFolder& folder,
                                           std::int64_t run);
/// The uuid that a checkpoint's file begins its name with; "" where it is named otherwise.
std::string run_of_file(const std::string& file);
/// What a crash or a disk that refused left behind: files of these runs that no row names, and at which no
/// other run begins.
std::vector<std::string> orphans_of(SQLite::Database& database, const CheckpointFolder& folder,
                                    const std::vector<std::string>& uuids);
/// Removes them from the database's own folder. The caller holds the runs' locks: what is just being written
/// has no row yet.
void remove_orphans(SQLite::Database& database, const CheckpointFolder& folder,
                    const std::vector<std::string>& uuids);
void remove_files(const std::vector<std::string>& files);

}  // namespace grapevine
