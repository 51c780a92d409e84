// flock() on a file whose name is removed by its last holder.
#include "engine/runs/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "engine/runs/database.h"
#include "engine/runs/run_words.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

/// Between open and flock another holder may have removed the name: the lock then guards a file that nobody
/// finds.
bool still_named(int file, const std::string& path) {
  struct stat opened {
  }, named{};
  return fstat(file, &opened) == 0 && lstat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

/// Never through a link, which would make or lock a file elsewhere.
int open_lock(const std::string& path, int flags) {
  return ::open(path.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
}

[[noreturn]] void refuse(const std::string& path) {
  if (errno == ELOOP)
    throw InputError("the lock file " + path +
                     " next to the database is a link, which is not followed: remove it");
  throw InputError("can't make the lock file " + path + " next to the database: " + std::strerror(errno) +
                   "; name another database with --db, or another folder with --data-dir");
}

}  // namespace

std::optional<LockFile> LockFile::take(const std::string& path, std::chrono::milliseconds patience) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const int file = open_lock(path, O_RDWR | O_CREAT);
    if (file < 0) refuse(path);
    if (flock(file, LOCK_EX | LOCK_NB) == 0) {
      if (still_named(file, path)) return LockFile(file, path);
    } else if (errno != EWOULDBLOCK && errno != EINTR) {
      const int error = errno;
      ::close(file);
      errno = error;
      refuse(path);
    }
    ::close(file);
    if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

bool LockFile::is_held(const std::string& path) {
  const int file = open_lock(path, O_RDONLY);
  if (file < 0) return false;
  const bool held = flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return held;
}

bool LockFile::keep() {
  if (still_named(file_, path_)) return true;
  // Of a folder that went as a whole nothing is made again.
  std::error_code ignored;
  std::filesystem::create_directory(std::filesystem::path(path_).parent_path(), ignored);
  bool held = false;
  for (int attempt = 0; attempt < 3; ++attempt) {  // who only asks holds it for a moment too
    const int file = open_lock(path_, O_RDWR | O_CREAT);
    if (file < 0) return true;  // then nobody else has it either
    const bool locked = flock(file, LOCK_EX | LOCK_NB) == 0;
    held = !locked && errno == EWOULDBLOCK;
    if (locked && still_named(file, path_)) {
      ::close(std::exchange(file_, file));
      return true;
    }
    ::close(file);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return !held;
}

LockFile::LockFile(LockFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(path_, other.path_);
  return *this;
}

LockFile::~LockFile() {
  if (file_ < 0) return;
  if (still_named(file_, path_)) ::unlink(path_.c_str());  // it may be another's by now
  ::close(file_);
}

RunLock::RunLock(const std::string& database, const std::string& uuid, const std::string& group_uuid,
                 const std::string& group_kind) {
  const std::string& name = group_kind == run_group::race ? group_uuid : uuid;
  if (!is_uuid(name))
    throw InputError("the database " + database + " names a run '" + name +
                     "', which is not a uuid: nothing was touched; grapevine-cli db check lists what else is "
                     "wrong");
  path_ = beside(database, "-locks") + "/" + name + ".lock";
  const std::string folder = beside_as_before(database, "-locks");
  std::error_code none;
  if (std::filesystem::is_directory(folder, none)) path_as_before_ = folder + "/" + name + ".lock";
}

bool RunLock::take(std::chrono::milliseconds patience) {
  lock_ = LockFile::take(path_, patience);
  if (lock_ && !path_as_before_.empty()) {
    lock_as_before_ = LockFile::take(path_as_before_, patience);
    if (!lock_as_before_) lock_.reset();
  }
  return lock_.has_value();
}

bool RunLock::keep() {
  return (!lock_ || lock_->keep()) && (!lock_as_before_ || lock_as_before_->keep());
}

bool RunLock::is_held() const {
  return LockFile::is_held(path_) || (!path_as_before_.empty() && LockFile::is_held(path_as_before_));
}

}  // namespace grapevine
