// A file with two names (hard links): SQLite's log and its index go by the name, so that two programs that
// use one file under two names write over each other. Private to runs/.
#pragma once

#include <string>

namespace grapevine {

/// Throws InputError where the database is in use under another name, or has a log next to another one.
void refuse_other_names(const std::string& database);

}  // namespace grapevine
