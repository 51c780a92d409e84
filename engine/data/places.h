// Where data sets' files are looked for, and where what is made of them is kept. Any thread may call;
// use_data_dir belongs to the program's start.
#pragma once

#include <string>
#include <vector>

#include "engine/data/data_request.h"

namespace grapevine {

/// The folder of --data-dir; "" or no call: the user's XDG folders.
void use_data_dir(const std::string& folder);
std::string data_dir();
/// For downloads and what is made of data: <data_dir>/cache, or $XDG_CACHE_HOME/grapevine.
std::string cache_root();
/// Where downloads of a data set go: <root>/<name>.
std::string download_folder(const std::string& name);
/// Where what is computed from its files is kept, so that it need not be computed again: <root>/made/<name>.
/// Never a data folder: those may be read-only, and a download replaces its folder as a whole.
std::string made_folder(const std::string& name);

/// The folders that are looked into, in order: data.dir alone, or the default locations.
std::vector<std::string> data_folders(const DataRequest& request);

/// One way in which a data set's files may lie: for each role the names, relative to the folder, that its
/// file may have.
struct Layout {
  std::vector<std::vector<std::string>> roles;
};
struct FoundFiles {
  std::size_t layout = 0;  ///< index of the layout that is complete
  std::string folder;
  std::vector<std::string> files;  ///< by role
};
/// The first folder with all the files of a layout. Throws InputError naming the first missing file and
/// saying how to get the data set: of the first folder that has a part, else of all folders.
FoundFiles find_files(const DataRequest& request, const std::vector<Layout>& layouts);

}  // namespace grapevine
