#include "engine/launch/check.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "engine/error.h"
#include "engine/runs/run_reader.h"

namespace grapevine {
namespace fs = std::filesystem;

namespace {

InputError cannot_make(const std::string& folder, const std::string& why) {
  return InputError("can't make the folder " + folder + " for the database: " + why +
                    "; name another with --data-dir or --db");
}

/// Tries with a folder of a name of its own: the wanted one, made to try and taken away again, would be
/// missing under another program that had just found it.
void check_folder(const fs::path& folder) {
  fs::path there = folder;
  for (std::error_code trouble; !fs::exists(fs::status(there, trouble)); there = there.parent_path()) {
    const bool missing =
        trouble == std::errc::no_such_file_or_directory || trouble == std::errc::not_a_directory;
    if (!missing || there == there.parent_path()) throw cannot_make(folder.string(), trouble.message());
  }
  if (!fs::is_directory(there)) throw cannot_make(folder.string(), std::strerror(ENOTDIR));
  if (access(there.c_str(), W_OK | X_OK) == 0) {
    if (there == folder) return;
    std::string tried = (there / ".grapevine-XXXXXX").string();
    if (!::mkdtemp(tried.data())) throw cannot_make(folder.string(), std::strerror(errno));
    ::rmdir(tried.c_str());
    return;
  }
  const std::string why = std::strerror(errno);
  if (there != folder) throw cannot_make(folder.string(), why);
  throw InputError("nothing can be written in the folder " + folder.string() + ": " + why +
                   "; name another place with --data-dir or --db");
}

}  // namespace

void check_database(const std::string& database) {
  if (database_exists(database)) {
    const RunReader readable(database);
    if (access(database.c_str(), W_OK) != 0)
      throw InputError("the database " + database + " can't be written: " + std::strerror(errno) +
                       "; allow writing, or name another with --db");
    return;
  }
  check_folder(fs::absolute(database).parent_path());
}

}  // namespace grapevine
