// stat(), and the id inside read past SQLite's log, which may belong to the file that lay there before.
#include "engine/runs/database_identity.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "engine/runs/guarded_database.h"

namespace grapevine {
namespace {

constexpr int looks_before_a_verdict = 5;  // SQLite itself may be moving its log into the file
constexpr auto look_again = std::chrono::milliseconds(100);

std::string noted(SQLite::Database& file, const char* key) {
  SQLite::Statement query(file, "SELECT value FROM meta WHERE key = ?");
  query.bind(1, key);
  return query.executeStep() ? query.getColumn(0).getString() : "";
}

bool same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

DatabaseIdentity::DatabaseIdentity(std::string database) : path_(std::move(database)) {
  fate();
}

DatabaseIdentity::~DatabaseIdentity() {
  if (handle_ >= 0) ::close(handle_);
}

bool DatabaseIdentity::is_of(const std::string& id) {
  bool readable = false;
  for (int look = 0; look < looks_before_a_verdict; ++look) {
    if (ids_.contains(id) || ancestors_.find(id) != std::string::npos) return true;
    if (look > 0) std::this_thread::sleep_for(look_again);
    struct stat file {};
    if (::stat(path_.c_str(), &file) != 0) return errno != ENOENT && errno != ENOTDIR;
    if (!S_ISREG(file.st_mode)) return true;  // who opens it refuses it
    const Inside inside = read_inside();
    readable = inside.readable;
    note(file, inside);
  }
  return !readable;
}

void DatabaseIdentity::expect(const std::string& run_uuid) {
  expected_ = true;
  if (ids_.empty()) first_run_ = run_uuid;
}

bool DatabaseIdentity::is_first_look_at_it() const {
  return ids_.empty() && (first_run_.empty() || holds(first_run_));
}

DatabaseIdentity::Inside DatabaseIdentity::read_inside() const {
  Inside inside;
  try {
    GuardedDatabase file = GuardedDatabase::immutable(path_);
    if (file.tableExists("meta")) {
      inside.id = noted(file, "database_id");
      inside.ancestors = noted(file, "copied_from");
    }
    inside.readable = true;
  } catch (const SQLite::Exception&) {
    // Damaged, or in the middle of a change.
  }
  return inside;
}

bool DatabaseIdentity::holds(const std::string& run_uuid) const {
  try {
    GuardedDatabase file = GuardedDatabase::immutable(path_);
    SQLite::Statement run(file, "SELECT 1 FROM runs WHERE uuid = ?");
    run.bind(1, run_uuid);
    return run.executeStep();
  } catch (const SQLite::Exception&) {
    return false;
  }
}

bool DatabaseIdentity::is_same_file(const struct stat& file) const {
  return handle_ >= 0 && file.st_dev == file_.st_dev && file.st_ino == file_.st_ino;
}

/// Of a copy the first checkpoint makes a database of its own, which names what it was copied from.
bool DatabaseIdentity::is_ours(const Inside& inside, bool same_file) const {
  if (ids_.contains(inside.id)) return true;
  return same_file && std::any_of(ids_.begin(), ids_.end(), [&](const std::string& id) {
           return inside.ancestors.find(id) != std::string::npos;
         });
}

bool DatabaseIdentity::was_moved() const {
  struct stat kept {};
  return handle_ >= 0 && ::fstat(handle_, &kept) == 0 && kept.st_nlink > 0;
}

void DatabaseIdentity::note(const struct stat& file, const Inside& inside) {
  if (!is_same_file(file)) {
    if (handle_ >= 0) ::close(handle_);
    handle_ = ::open(path_.c_str(), O_PATH | O_CLOEXEC);
  }
  file_ = file;
  if (inside.id.empty()) return;
  id_ = inside.id;
  ancestors_ = inside.ancestors;
  ids_.insert(inside.id);
  expected_ = true;
}

std::string DatabaseIdentity::fate() {
  struct stat file {};
  if (::stat(path_.c_str(), &file) != 0) {
    // A file system that does not answer is not a file that is gone.
    if (!expected_ || (errno != ENOENT && errno != ENOTDIR)) return "";
    return was_moved() ? "was moved" : "was deleted";
  }
  if (!S_ISREG(file.st_mode)) return "";  // a pipe would wait for its writer; who opens it refuses it
  const bool same_file = is_same_file(file);
  if (same_file && !ids_.empty() && file.st_size == file_.st_size && same_time(file.st_mtim, file_.st_mtim))
    return "";
  if (same_file && !ids_.empty() && file.st_size == 0) return "was truncated";
  Inside inside;
  for (int look = 0; look < looks_before_a_verdict; ++look) {
    if (look > 0) std::this_thread::sleep_for(look_again);
    inside = read_inside();
    if (is_first_look_at_it() || is_ours(inside, same_file)) {
      note(file, inside);
      return "";
    }
  }
  if (same_file) return inside.readable ? "was overwritten with another one" : "";
  return was_moved() ? "was moved, and another file is in its place" : "was replaced by another file";
}

}  // namespace grapevine
