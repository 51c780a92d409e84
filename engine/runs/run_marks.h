// How far stored runs are, in a few words that any writer changes: who read a run before it held the run's
// lock sees by them whether somebody trained it meanwhile. Private to the engine; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace grapevine {

/// A run each; "" of one that is not there. Throws SQLite::Exception.
std::vector<std::string> run_marks(SQLite::Database& database, const std::vector<std::int64_t>& ids);
/// The same of a database's file, which is only read. Throws InputError, RunError.
std::vector<std::string> run_marks(const std::string& database, const std::vector<std::int64_t>& ids);

}  // namespace grapevine
