// XDG base directories, or one folder for all.
#include "engine/data/paths.h"

#include "engine/files/home.h"

namespace grapevine {

Paths Paths::choose(const std::string& data_dir) {
  if (!data_dir.empty()) {
    const std::string folder = with_home(data_dir);
    return {folder, folder + "/config", folder + "/cache"};
  }
  return {xdg_folder("XDG_DATA_HOME", "/.local/share"), xdg_folder("XDG_CONFIG_HOME", "/.config"),
          xdg_folder("XDG_CACHE_HOME", "/.cache")};
}

}  // namespace grapevine
