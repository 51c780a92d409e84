// Opening the database: for writing (made or migrated), for reading (touches nothing). Private to runs/; a
// connection belongs to one thread.
#pragma once

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include <string>
#include <system_error>
#include <vector>

#include "engine/error.h"
#include "engine/runs/guarded_database.h"
#include "engine/runs/schema.h"

namespace grapevine {

/// Opens or makes the database, with its folder, and migrates it: a copy "<file>.before-version-N" is made
/// before. WAL, synchronous NORMAL, foreign keys. Throws InputError.
GuardedDatabase open_for_writing(const std::string& path,
                                 const std::vector<Migration>& history = migrations());
/// The same, where SQLite's own exceptions come through: for a caller that tells a full disk from a wrong
/// path.
GuardedDatabase connect_for_writing(const std::string& path,
                                    const std::vector<Migration>& history = migrations());
/// Opens an existing file, whatever is in it. Throws InputError for a pipe or a folder, SQLite::Exception.
GuardedDatabase open_as_it_is(const std::string& path);
/// Opens an existing database of any version that this program knows, to change single rows: nothing is
/// migrated. Throws InputError, SQLite::Exception.
GuardedDatabase open_for_marking(const std::string& path);
/// Opens an existing database of any version that this program knows, also where nothing may be written.
/// Throws InputError when it is missing, not a database, newer, another program's, or one whose tables were
/// tampered with.
GuardedDatabase open_for_reading(const std::string& path);
/// Throws the sentence for a database that can't be written, with what to do: RunError where the disk failed
/// or another program keeps it locked, else InputError.
[[noreturn]] void refuse_writing(const std::string& path, const SQLite::Exception& error);
[[noreturn]] void refuse_writing(const std::string& path, const std::error_code& error);
/// The same of what was to be written: `what`, as "can't change run 3 in runs.db".
[[noreturn]] void refuse_change(const std::string& what, const SQLite::Exception& error);

/// It is full, or broken: another file would not help.
bool disk_failed(const SQLite::Exception& error);
/// By another program, for longer than was waited: the same succeeds later.
bool is_locked(const SQLite::Exception& error);

/// Throws the one sentence for a database that can't be read, or not to its end: RunError where it is locked,
/// else InputError.
[[noreturn]] void refuse_reading(const std::string& path, const SQLite::Exception& error);

/// One sentence for SQLite's error: "the disk is full", "the database is read-only" …, with SQLite's own
/// words. Throws WorkStopped where a stop was what ended it.
std::string explain(const SQLite::Exception& error);

/// Now, ISO 8601 UTC with milliseconds.
std::string utc_now();

/// One name for one file, behind links: locks and checkpoints lie next to it. Where a folder on the way can't
/// be looked into any more, the name that was found before. Throws std::filesystem::filesystem_error where
/// there was none.
std::string real_path(const std::string& database);
/// "folder/grapevine.db" + "-locks" → "folder/grapevine.db-locks": by the whole name, so that runs.db and
/// runs.sqlite keep apart.
std::string beside(const std::string& database, const std::string& suffix);
/// As version 0.1.0 named it, without the ending: "folder/grapevine-locks".
std::string beside_as_before(const std::string& database, const std::string& suffix);

/// Before a run file or a backup is written: an older one may be replaced, but no database that runs are
/// stored in, which has folders or a log next to it, and nothing in such a folder. Throws InputError.
void refuse_to_replace_runs(const std::string& file);

}  // namespace grapevine
