// Files that come with the program (resources/): presets and the papers' tables. Any thread.
#pragma once

#include <string>

namespace grapevine {

/// The text of share/grapevine/<name>, as "presets/catalogue.json": looked for upwards from this library's
/// folder, so that the build tree, an installation and a moved archive all have it. Throws RunError when it
/// is missing.
std::string read_resource(const std::string& name);

}  // namespace grapevine
