// Whose is the write-ahead log next to a database? SQLite takes in whatever lies there under the name, and
// deletes it where the database is empty or missing: a file that was moved or copied over a database in whose
// place an old log stayed would become a mixture of both. Any thread may call.
#pragma once

#include <string>
#include <vector>

namespace grapevine {

/// Before SQLite reads the database. A log that is not its own is set aside as "<file>-wal.left"; of one that
/// is damaged, or where it can't be said, a copy is put there and it is taken in, as after an interruption.
/// Either is said (store_notices.h). A log whose database somebody writes is left to that writer, which
/// watches it itself. Throws WorkStopped, nothing else. `waits`: a few seconds, while another program looks.
void look_after_log(const std::string& database, bool waits = true);
/// Before a database is made where there is none.
void set_left_log_aside(const std::string& database);

/// A sentence for each log that was set aside next to this database, or kept as a copy, and is still there.
std::vector<std::string> logs_set_aside(const std::string& database);

}  // namespace grapevine
