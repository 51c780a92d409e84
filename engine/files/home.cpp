// What a shell does with a tilde, where no shell was asked.
#include "engine/files/home.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace grapevine {

std::string home_folder() {
  if (const char* set = std::getenv("HOME"); set && *set) return set;
  if (const passwd* user = getpwuid(getuid()); user && user->pw_dir) return user->pw_dir;
  return ".";
}

std::string with_home(const std::string& path) {
  return path == "~" || path.starts_with("~/") ? home_folder() + path.substr(1) : path;
}

std::string xdg_folder(const char* variable, const char* below_home) {
  const char* set = std::getenv(variable);
  const std::string folder = set && set[0] == '/' ? std::string(set) : home_folder() + below_home;
  return folder + "/grapevine";
}

}  // namespace grapevine
