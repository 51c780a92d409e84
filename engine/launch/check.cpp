#include "engine/launch/check.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "engine/error.h"
#include "engine/runs/run_reader.h"

namespace grapevine {
namespace fs = std::filesystem;

namespace {

InputError cannot_make(const std::string& folder, const std::string& why) {
  return InputError("can't make the folder " + folder + " for the database: " + why +
                    "; name another with --data-dir or --db");
}

/// Makes what is missing of a folder, and takes it away again.
void check_folder(const fs::path& folder) {
  std::vector<fs::path> made;
  std::error_code error;
  for (fs::path missing = folder; !missing.empty() && !fs::exists(missing, error);
       missing = missing.parent_path())
    made.push_back(missing);
  fs::create_directories(folder, error);
  const std::error_code refused = error;
  const bool writable = access(folder.c_str(), W_OK | X_OK) == 0;
  const std::string why = std::strerror(errno);
  for (const fs::path& each : made) fs::remove(each, error);  // only what is empty
  if (refused) throw cannot_make(folder.string(), refused.message());
  if (!writable)
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
