// XDG base directories, or one folder for all.
#include "engine/data/paths.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace grapevine {
namespace {

std::string home() {
  if (const char* set = std::getenv("HOME"); set && *set) return set;
  if (const passwd* user = getpwuid(getuid()); user && user->pw_dir) return user->pw_dir;
  return ".";
}

/// The specification: an unset, empty or relative value counts as not given.
std::string base(const char* variable, const char* below_home) {
  const char* set = std::getenv(variable);
  const std::string folder = set && set[0] == '/' ? std::string(set) : home() + below_home;
  return folder + "/grapevine";
}

}  // namespace

Paths Paths::choose(const std::string& data_dir) {
  if (!data_dir.empty()) return {data_dir, data_dir + "/config", data_dir + "/cache"};
  return {base("XDG_DATA_HOME", "/.local/share"), base("XDG_CONFIG_HOME", "/.config"),
          base("XDG_CACHE_HOME", "/.cache")};
}

}  // namespace grapevine
