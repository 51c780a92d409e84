// Side files: where a run is kept while its database can't take it (locked, full, deleted, replaced …). A
// side file is an ordinary Grapevine database, "unsaved-<uuid>.db" next to the database's checkpoints or else
// in the user's cache folder; its table meta says which database it belongs to. The next opening of that
// database for writing takes it in and removes it. Any thread may call.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

#include "engine/runs/guarded_database.h"

namespace grapevine {

/// The side files that are this database's, even those still being written. Cheap where there are none.
std::vector<std::string> side_files_of(const std::string& database);
/// What lies where a side file of this database would.
struct SideFinding {
  std::string file;
  bool is_ours = false;
  std::string stays = "";    ///< of ours, why it can't be taken in; "" where the next opening does so
  std::string owner = "";    ///< the place of the database that it names as its own; "" where it names none
  std::string trouble = "";  ///< why it is not a side file; "" where it is one
};
/// All of them, also other databases'; of the folder that databases share only ours and those of none.
std::vector<SideFinding> side_findings(const std::string& database);
/// Takes in those that no program writes any more, each in one transaction; a second time changes nothing.
/// Returns a sentence for each that had to stay. Throws nothing.
std::vector<std::string> take_in_side_files(GuardedDatabase& connection, const std::string& database);

// For the writer (runs/store_place.h).

/// Folders to try, the best first.
std::vector<std::string> side_folders(const std::string& database);
/// A name in `folder`, which is made where it is missing, that is not in use. Throws RunError.
std::string free_side_name(const std::string& folder, const std::string& uuid);
/// Notes in a new side file which database it belongs to. `stranger`: the id of another database that lies in
/// its place now and must not be given the run; "" where none does.
void note_owner(SQLite::Database& side, const std::string& database, const std::string& database_id,
                const std::string& stranger);
/// Takes in one. `written_here`: the caller holds its lock. Throws SQLite::Exception, InputError, RunError.
void take_in(GuardedDatabase& connection, const std::string& database, const std::string& side,
             bool written_here);
/// The file with all that belongs to it.
void remove_side_file(const std::string& side);
/// The lock of its writer.
std::string side_lock(const std::string& side);

}  // namespace grapevine
