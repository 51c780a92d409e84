// A file from elsewhere taken into the database, by what is in it. Any thread may call; other programs may
// use the database meanwhile.
#pragma once

#include <string>

#include "engine/runs/curve_import.h"

namespace grapevine {

/// A run file, another Grapevine database, or curves as CSV. Throws InputError for anything else, RunError
/// and WorkStopped: runs that were taken in whole stay, and importing again takes the rest.
ImportedCurves import_file(const std::string& database, const std::string& file);
/// `one` to what others came to.
void add_import(ImportedCurves& all, const ImportedCurves& one);

}  // namespace grapevine
