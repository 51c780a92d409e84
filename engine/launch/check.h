// What can be known to be wrong before anything is loaded. Private to launch/; any thread.
#pragma once

#include <string>

namespace grapevine {

/// Throws InputError for a database that is none, newer or damaged, or that could not be made or written.
/// Leaves nothing behind.
void check_database(const std::string& database);

}  // namespace grapevine
