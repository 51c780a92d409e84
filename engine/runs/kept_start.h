// The state that a run begins with, where its parent was changed at that step afterwards: no row names it,
// and its file is kept for the child alone. Private to runs/.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

#include "engine/runs/run_origin.h"

namespace grapevine {

/// Its file in a folder of checkpoints, by its digest; "" = it is not there.
std::string kept_start(const std::string& folder, const RunOrigin& from);
/// Of the runs whose first state no row of this database names.
std::vector<RunOrigin> unnamed_starts(SQLite::Database& database);

}  // namespace grapevine
