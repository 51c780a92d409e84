// Opening the database: for writing (made or migrated), for reading (touches nothing). Private to runs/; a
// connection belongs to one thread.
#pragma once

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/runs/schema.h"

namespace grapevine {

/// Opens or makes the database, with its folder, and migrates it: a copy "<file>.before-version-N" is made
/// before. WAL, synchronous NORMAL, foreign keys. Throws InputError.
SQLite::Database open_for_writing(const std::string& path,
                                  const std::vector<Migration>& history = migrations());
/// The same, where SQLite's own exceptions come through: for a caller that tells a full disk from a wrong
/// path.
SQLite::Database connect_for_writing(const std::string& path,
                                     const std::vector<Migration>& history = migrations());
/// Opens an existing database. Also where nothing may be written. Throws InputError when it is missing, no
/// database, newer, older (nothing is migrated here) or a stranger's.
SQLite::Database open_for_reading(const std::string& path);
/// The sentence for a database that can't be written, with what to do.
InputError cannot_write(const std::string& path, const std::string& why);

/// One sentence for SQLite's error: "the disk is full", "the database is read-only" …, with SQLite's own
/// words.
std::string explain(const SQLite::Exception& error);

/// Now, ISO 8601 UTC with milliseconds.
std::string utc_now();

/// "folder/grapevine.db" + "-locks" → "folder/grapevine-locks".
std::string beside(const std::string& database, const std::string& suffix);

}  // namespace grapevine
