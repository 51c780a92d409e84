// XDG base directories, or one folder for all.
#include "engine/data/paths.h"

#include <cstdlib>

#include "engine/files/home.h"

namespace grapevine {
namespace {

/// The specification: an unset, empty or relative value counts as not given.
std::string base(const char* variable, const char* below_home) {
  const char* set = std::getenv(variable);
  const std::string folder = set && set[0] == '/' ? std::string(set) : home_folder() + below_home;
  return folder + "/grapevine";
}

}  // namespace

Paths Paths::choose(const std::string& data_dir) {
  if (!data_dir.empty()) {
    const std::string folder = with_home(data_dir);
    return {folder, folder + "/config", folder + "/cache"};
  }
  return {base("XDG_DATA_HOME", "/.local/share"), base("XDG_CONFIG_HOME", "/.config"),
          base("XDG_CACHE_HOME", "/.cache")};
}

}  // namespace grapevine
