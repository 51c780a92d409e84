// flock() and an extended attribute. Both are there before anybody else can take the file for abandoned: the
// lock comes first, then the mark.
#include "engine/files/abandoned.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "engine/files/careful_file.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr const char* mark = "user.grapevine.unfinished";
constexpr const char* lock_name = ".grapevine-at-work";
constexpr std::size_t folder_letters = 6;  // as mkdtemp gives them

/// A lock there may hold for this computer alone, or get in the way of SQLite's own.
bool is_of_a_network(int file) {
  constexpr unsigned remote[] = {NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC,
                                 FUSE_SUPER_MAGIC, V9FS_MAGIC,      AFS_SUPER_MAGIC,  CEPH_SUPER_MAGIC};
  struct statfs system {};
  if (::fstatfs(file, &system) != 0) return true;
  return std::find(std::begin(remote), std::end(remote), static_cast<unsigned>(system.f_type)) !=
         std::end(remote);
}

/// A plain file of this user, by its own name, that nobody holds: its descriptor, which holds it now; or -1.
int take_if_unlocked(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return -1;
  struct stat opened {
  }, named{};
  const bool is_free = ::fstat(file, &opened) == 0 && S_ISREG(opened.st_mode) &&
                       opened.st_uid == ::geteuid() && !is_of_a_network(file) &&
                       ::flock(file, LOCK_EX | LOCK_NB) == 0 && ::lstat(path.c_str(), &named) == 0 &&
                       opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  if (is_free) return file;
  ::close(file);
  return -1;
}

/// Not opened for it: to close a database would free the locks that SQLite holds on it in this program.
bool is_marked(const std::string& path) {
  return ::lgetxattr(path.c_str(), mark, nullptr, 0) >= 0;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none))
    names.push_back(entry->path().string());
  return names;
}

/// The lock last: a program that is killed here leaves what the next one finds.
void remove_locked_folder(const fs::path& folder) {
  std::error_code none;
  for (const std::string& name : names_in(folder))
    if (fs::path(name).filename() != lock_name) fs::remove_all(name, none);
  fs::remove(folder / lock_name, none);
  fs::remove(folder, none);
}

bool is_own_folder(const std::string& path) {
  struct stat named {};
  return ::lstat(path.c_str(), &named) == 0 && S_ISDIR(named.st_mode) && named.st_uid == ::geteuid();
}

}  // namespace

bool mark_unfinished(int file) noexcept {
  return !is_of_a_network(file) && ::flock(file, LOCK_EX | LOCK_NB) == 0 &&
         ::fsetxattr(file, mark, "1", 1, 0) == 0;
}

void unmark_unfinished(int file) noexcept {
  ::fremovexattr(file, mark);
}

int lock_work_folder(const std::string& folder) noexcept {
  try {
    const std::string name = folder + "/" + lock_name, first = name + "-new";
    const int file = ::open(first.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return -1;
    // It is held before it has the name that others look for.
    if (!is_of_a_network(file) && ::flock(file, LOCK_EX | LOCK_NB) == 0 &&
        ::rename(first.c_str(), name.c_str()) == 0)
      return file;
    ::unlink(first.c_str());
    ::close(file);
  } catch (...) {
    // Without a lock it stays, as after a kill before.
  }
  return -1;
}

void remove_abandoned_files(const std::string& target) noexcept {
  try {
    std::error_code none;
    const fs::path behind = fs::weakly_canonical(target, none);
    if (none) return;
    for (const std::string& path : names_in(behind.parent_path())) {
      if (!is_temporary_name_of(behind.string(), path) || !is_marked(path)) continue;
      const int file = take_if_unlocked(path);
      if (file < 0) continue;
      if (is_marked(path))  // still: it may have been finished meanwhile
        for (const char* ending : {"-journal", "-wal", "-shm", ""}) ::unlink((path + ending).c_str());
      ::close(file);
    }
  } catch (...) {
    // It stays: nothing that is asked for now needs it gone.
  }
}

void remove_abandoned_folders(const std::string& start) noexcept {
  try {
    const fs::path beginning = fs::absolute(start);
    const std::string name = beginning.filename().string();
    for (const std::string& path : names_in(beginning.parent_path())) {
      const std::string found = fs::path(path).filename().string();
      if (found.size() != name.size() + folder_letters || !found.starts_with(name) || !is_own_folder(path))
        continue;
      const int file = take_if_unlocked(path + "/" + lock_name);
      if (file < 0) continue;
      remove_locked_folder(path);
      ::close(file);
    }
  } catch (...) {
    // As above.
  }
}

}  // namespace grapevine
