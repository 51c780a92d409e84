// Names in the same folder are found; a name elsewhere shows itself by its locks.
#include "engine/runs/other_names.h"

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "engine/error.h"
#include "engine/runs/database.h"
#include "engine/runs/shared_index.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr auto moment = std::chrono::milliseconds(500);  // for the locks of those who only look

[[noreturn]] void refuse(const std::string& database, const std::string& why) {
  throw InputError("the database " + database + " has another name (a hard link): " + why +
                   "; use that name, or make a copy with grapevine-cli db backup");
}

/// Another name of it in its folder that has a log; "" where there is none.
std::string name_with_log(const std::string& path, const struct stat& file) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(fs::path(path).parent_path(), none)) {
    const std::string name = entry.path().string();
    struct stat other {};
    if (name == path || ::lstat(name.c_str(), &other) != 0) continue;
    if (other.st_dev != file.st_dev || other.st_ino != file.st_ino) continue;
    if (const auto log = fs::file_size(name + "-wal", none); !none && log > 0) return name;
  }
  return "";
}

bool is_used_elsewhere(const std::string& path) {
  std::error_code none;
  const bool had_index = fs::exists(path + "-shm", none);
  try {
    SQLite::Database probe(path, SQLite::OPEN_READWRITE);
    SharedIndex index(probe);
    if (!index.is_there()) return false;
    // Of one file a process has one index, under the name that came first; another process has one a name.
    if (index.in_use()) return !had_index;
    const auto end = std::chrono::steady_clock::now() + moment;
    while (!index.is_alone()) {
      if (std::chrono::steady_clock::now() > end) {
        if (!had_index) fs::remove(path + "-shm", none);  // the probe's
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  } catch (const SQLite::Exception&) {
    // The opening that follows says what is wrong.
  }
  return false;
}

}  // namespace

void refuse_other_names(const std::string& database) {
  struct stat file {};
  if (::stat(database.c_str(), &file) != 0 || !S_ISREG(file.st_mode) || file.st_nlink < 2) return;
  const std::string path = real_path(database);
  if (const std::string name = name_with_log(path, file); !name.empty())
    refuse(database, "its latest rows are in the log next to " + name);
  if (is_used_elsewhere(path)) refuse(database, "a program uses it under that one");
}

}  // namespace grapevine
