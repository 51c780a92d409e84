// The database's tables, as SQL with comments: documentation for everyone who opens the file with SQL. Pure
// data.
#pragma once

#include <string>
#include <vector>

namespace grapevine {

/// One step of the file's history: brings a database of version `to - 1` to version `to`.
struct Migration {
  int to = 1;
  std::string sql;
};

/// All of them, in order. Versions count from 1; the last one's is the version that this program writes.
const std::vector<Migration>& migrations();

/// Written to SQLite's application_id, so that `file` and we know a Grapevine database from a stranger's:
/// "GRPV".
inline constexpr int application_id = 0x47525056;

}  // namespace grapevine
