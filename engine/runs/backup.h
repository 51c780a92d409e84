// A copy of a database while others write to it. Any thread may call.
#pragma once

#include <string>

namespace grapevine {

/// Copies `path` with SQLite's backup API to `copy`, one file without a log next to it, put in place when it
/// is whole; also what is damaged, page by page. Throws InputError, RunError.
void back_up_database(const std::string& path, const std::string& copy);

}  // namespace grapevine
