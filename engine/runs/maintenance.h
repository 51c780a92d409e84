// Care of a database as a file: what is wrong with it, smaller, copied (backup.h), joined with others
// (merge.h). Any thread may call; each call opens a connection of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

struct DatabaseCheck {
  std::vector<std::string> problems;  ///< a sentence each; none = the file is sound
  std::vector<std::string> notes;     ///< what lies next to it that nobody reads; says nothing of the file
  std::int64_t runs = 0;              ///< that the database lists
  std::int64_t readable = 0;          ///< of those, with all their curves and events
  std::int64_t samples = 0;           ///< of the readable part
  std::int64_t checkpoints = 0;       ///< whole ones
};
/// Reads everything through: SQLite's own checks, names, settings, curves, and checkpoints with their sums.
/// Changes nothing. Throws InputError only where there is no file to look at.
DatabaseCheck check_database_file(const std::string& path);

struct SizeChange {
  std::int64_t before = 0, after = 0;  ///< bytes
};
/// Gives the disk back what deleted rows took. Throws InputError, RunError.
SizeChange vacuum_database(const std::string& path);

}  // namespace grapevine
