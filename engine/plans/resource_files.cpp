#include "engine/plans/resource_files.h"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "engine/error.h"
#include "engine/files/whole_file.h"

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

/// Throws RunError where there is none.
fs::path path_of(const std::string& name) {
  const fs::path begin = folder_of_this_library();
  fs::path folder = begin;
  std::error_code none;
  // lib in the build tree; lib/grapevine or lib/<machine>/grapevine when installed.
  for (int up = 0; up < 4; ++up, folder = folder.parent_path()) {
    const fs::path found = folder / "share" / "grapevine" / name;
    if (fs::exists(found, none)) return found;
  }
  throw RunError("share/grapevine/" + name + " was not found above " + begin.string() +
                 ": the installation is not complete; install Grapevine again");
}

}  // namespace

std::string read_resource(const std::string& name) {
  std::optional<std::string> text = whole_file(path_of(name));
  if (!text) throw RunError("share/grapevine/" + name + " can't be read; install Grapevine again");
  return std::move(*text);
}

std::vector<std::string> resources_in(const std::string& folder, const std::string& ending) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(path_of(folder), none))
    if (entry.path().extension() == ending) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  if (names.empty()) throw RunError("share/grapevine/" + folder + " is empty; install Grapevine again");
  return names;
}

}  // namespace grapevine
