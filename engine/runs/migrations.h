// Brings a database to the version that this program writes. Private to runs/.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

#include "engine/runs/schema.h"

namespace grapevine {

/// The database's version; throws InputError for a newer one and for an SQLite file that is not Grapevine's.
/// 0 = empty.
int checked_version(SQLite::Database& database, const std::string& path, int newest);
/// Runs what is missing in one transaction. An existing database is first copied to "<path>.before-version-N"
/// with the backup API. Several programs may call at once: one migrates, the others wait.
void bring_up_to_date(SQLite::Database& database, const std::string& path,
                      const std::vector<Migration>& history);

}  // namespace grapevine
