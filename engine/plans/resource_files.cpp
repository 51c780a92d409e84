#include "engine/plans/resource_files.h"

#include <dlfcn.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/error.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

// An address within this library, for dladdr.
void landmark() {}

fs::path folder_of_this_library() {
  Dl_info here{};
  if (!dladdr(reinterpret_cast<const void*>(&landmark), &here) || !here.dli_fname) return {};
  std::error_code none;
  return fs::weakly_canonical(here.dli_fname, none).parent_path();
}

}  // namespace

std::string read_resource(const std::string& name) {
  const fs::path begin = folder_of_this_library();
  fs::path folder = begin;
  // lib in the build tree; lib/grapevine or lib/<machine>/grapevine when installed.
  for (int up = 0; up < 4; ++up, folder = folder.parent_path()) {
    std::ifstream file(folder / "share" / "grapevine" / name, std::ios::binary);
    if (!file) continue;
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  throw RunError("share/grapevine/" + name + " was not found above " + begin.string() +
                 ": the installation is not complete; install Grapevine again");
}

}  // namespace grapevine
