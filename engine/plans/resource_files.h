// Files that come with the program (resources/): presets, lessons and the papers' tables. Any thread.
#pragma once

#include <string>
#include <vector>

namespace grapevine {

/// The text of share/grapevine/<name>, as "presets/catalogue.json": looked for upwards from this library's
/// folder, so that the build tree, an installation and a moved archive all have it. Throws RunError when it
/// is missing.
std::string read_resource(const std::string& name);
/// The names of the files in share/grapevine/<folder> with this ending, by the alphabet. Throws RunError when
/// there are none.
std::vector<std::string> resources_in(const std::string& folder, const std::string& ending);

}  // namespace grapevine
