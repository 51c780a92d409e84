// A temporary file of a name that nobody else has, with the rights that the old file or the umask gives.
#include "engine/files/careful_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <utility>

#include "engine/error.h"
#include "engine/files/abandoned.h"
#include "engine/files/sqlite_file.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw InputError("can't write " + path + ": " + why + "; name another file");
}

/// "/dev/stdout", "/dev/fd/3" and where they lead to: the descriptor that this program holds; else -1.
int own_descriptor(const std::string& path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view start : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(start)) continue;
    const std::string number = path.substr(start.size());
    if (!number.empty() && number.size() < 8 && number.find_first_not_of("0123456789") == std::string::npos)
      return std::atoi(number.c_str());
  }
  return -1;
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "it is a folder";
  if (S_ISSOCK(mode)) return "it is a socket";
  return "it is a device";
}

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t letter_count = 8;

std::string random_letters() {
  std::random_device entropy;
  std::string text;
  while (text.size() < letter_count) text += letters[entropy() % letters.size()];
  return text;
}

/// A call that a signal interrupted is made again.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

/// As mkstemp opens one, but with `mode`: made here and now, never through a link.
int open_new(const std::string& start, mode_t mode, std::string& name) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = start + "." + random_letters();
    const int file = uninterrupted(
        [&] { return ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode); });
    if (file >= 0 || errno != EEXIST) return file;
  }
  return -1;
}

}  // namespace

CarefulFile::CarefulFile(const std::string& path) : path_(path) {
  if (path.empty()) refuse("the file", "it has no name");
  if (const int descriptor = own_descriptor(path); descriptor >= 0) {
    open_straight(path, descriptor);
    return;
  }
  struct stat behind {};
  if (::stat(path.c_str(), &behind) != 0) {
    const int error = errno;
    struct stat link {};
    if (::lstat(path.c_str(), &link) == 0) refuse(path, "it is a link to nowhere");
    if (error != ENOENT) refuse(path, std::strerror(error));
    open_beside(path, 0666);
  } else if (S_ISFIFO(behind.st_mode)) {
    open_straight(path, -1);
  } else if (S_ISREG(behind.st_mode)) {
    std::error_code error;
    const fs::path target = fs::canonical(path, error);
    if (error) refuse(path, error.message());
    open_beside(target, behind.st_mode & 0777);
    ::fchmod(file_, behind.st_mode & 0777);  // the umask is for new files
  } else {
    refuse(path, kind_of(behind.st_mode));
  }
}

void CarefulFile::open_straight(const std::string& path, int descriptor) {
  file_ = descriptor >= 0 ? ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
                          : ::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file_ < 0 && errno == ELOOP) file_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);  // a link to a pipe
  if (file_ < 0) refuse(path, std::strerror(errno));
  struct stat opened {};
  if (descriptor >= 0 || (::fstat(file_, &opened) == 0 && S_ISFIFO(opened.st_mode))) return;
  ::close(std::exchange(file_, -1));
  refuse(path, "it changed while it was opened");
}

void CarefulFile::open_beside(const std::string& target, unsigned mode) {
  target_ = target;
  file_ = open_new(target, mode, temporary_);
  // A name that is as long as names may be leaves no room for letters behind it.
  if (file_ < 0 && errno == ENAMETOOLONG)
    file_ = open_new((fs::path(target).parent_path() / ".grapevine").string(), mode, temporary_);
  if (file_ >= 0) {
    mark_unfinished(file_);
    return unfinished_.name(temporary_);
  }
  temporary_.clear();
  if (is_of_the_disk(errno)) fail(errno);
  refuse(path_, std::strerror(errno));
}

CarefulFile::~CarefulFile() {
  if (file_ >= 0) ::close(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

CannotWrite::CannotWrite(const std::string& path, int error)
    : RunError("can't write " + path + ": " + std::strerror(error) +
               "; free some space, or name a file elsewhere"),
      error_(error) {}

void CarefulFile::fail(int error) const {
  throw CannotWrite(path_, error);
}

void CarefulFile::put(const void* data, std::size_t size) {
  auto* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = uninterrupted([&] { return ::write(file_, at, size); });
    if (written < 0) fail(errno);
    at += written;
    size -= static_cast<std::size_t>(written);
  }
}

std::string CarefulFile::folder() const {
  return target_.empty() ? "" : fs::absolute(target_).parent_path().string();
}

/// A hint: where it fails sync() says so.
void CarefulFile::begin_to_sync() const noexcept {
  if (file_ >= 0 && !temporary_.empty()) ::sync_file_range(file_, 0, 0, SYNC_FILE_RANGE_WRITE);
}

void CarefulFile::sync() {
  if (!temporary_.empty()) unmark_unfinished(file_);
  if (!temporary_.empty() && uninterrupted([&] { return ::fsync(file_); }) != 0) fail(errno);
  close();
}

/// Each file that is waited for costs some milliseconds; all that the disk has to write costs more, but once.
void CarefulFile::sync_disk() const {
  const int handle = ::open(folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = handle >= 0 && uninterrupted([&] { return ::syncfs(handle); }) == 0;
  const int error = errno;
  if (handle >= 0) ::close(handle);
  if (!synced) fail(error);
}

void CarefulFile::close() {
  if (file_ >= 0 && !temporary_.empty()) unmark_unfinished(file_);  // the lock goes with the descriptor
  // An interrupted close has closed all the same.
  if (file_ >= 0 && ::close(std::exchange(file_, -1)) != 0 && errno != EINTR) fail(errno);
}

void CarefulFile::rename_into_place() {
  if (temporary_.empty()) return;
  if (uninterrupted([&] { return ::rename(temporary_.c_str(), target_.c_str()); }) != 0) fail(errno);
  temporary_.clear();
  unfinished_.forget();
}

void CarefulFile::place() {
  const std::string in = folder();
  sync();
  rename_into_place();
  if (!in.empty()) sync_folder(in);
}

void place_together(const std::vector<CarefulFile*>& files) {
  if (files.empty()) return;
  const std::string folder = files.front()->folder();
  for (const CarefulFile* file : files) file->begin_to_sync();
  if (std::any_of(files.begin(), files.end(), [](const CarefulFile* file) { return file->file_ < 0; }))
    files.front()->sync_disk();
  for (CarefulFile* file : files)
    if (file->file_ >= 0) file->sync();
  for (CarefulFile* file : files) file->rename_into_place();
  sync_folder(folder);
}

bool is_temporary_name_of(const std::string& target, const std::string& path) {
  const std::string beginning = fs::path(target).filename().string() + ".";
  const std::string name = fs::path(path).filename().string();
  return name.size() == beginning.size() + letter_count && name.starts_with(beginning) &&
         name.find_first_not_of(letters, beginning.size()) == std::string::npos;
}

bool is_of_the_disk(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG || error == EIO;
}

void refuse_to_replace_companions(const std::string& path) {
  std::error_code none;
  const fs::path target = fs::weakly_canonical(path, none);
  if (none) return;
  // What `name` is called without `ending`, if that is a file: it is not opened, for closing it would free
  // the locks that SQLite holds on it.
  const auto belongs_to_file = [&](const std::string& name, std::string_view ending) {
    return name.size() > ending.size() && name.ends_with(ending) &&
           fs::is_regular_file(name.substr(0, name.size() - ending.size()), none);
  };
  for (const char* ending : {"-wal", "-shm", "-journal", "-locks", "-checkpoints"})
    if (belongs_to_file(target.string(), ending)) refuse(path, "the name belongs to the database next to it");
  if (belongs_to_file(target.parent_path().string(), "-locks"))
    refuse(path, "it is in the folder of a database's locks");
}

void refuse_to_replace_data(const std::string& path) {
  refuse_to_replace_companions(path);
  std::error_code none;
  const fs::path target = fs::weakly_canonical(path, none);
  if (none || !fs::is_regular_file(target, none)) return;
  if (fs::exists(target.parent_path() / owner_note, none))
    refuse(path, "it is in the folder of a database's checkpoints");
  std::string beginning(sqlite_beginning.size(), '\0');
  std::ifstream file(target, std::ios::binary);
  if (file.read(beginning.data(), static_cast<std::streamsize>(beginning.size())) &&
      beginning == sqlite_beginning)
    refuse(path, "it is a database");
}

void write_carefully(const std::string& path, std::string_view content) {
  refuse_to_replace_data(path);
  remove_abandoned_files(path);
  CarefulFile file(path);
  file.put(content);
  file.place();
}

void move_into_place(const std::string& from, const std::string& to) {
  const std::string folder = fs::absolute(to).parent_path().string();
  if (uninterrupted([&] { return ::rename(from.c_str(), to.c_str()); }) != 0)
    throw RunError("can't move " + from + " to " + to + ": " + std::strerror(errno) +
                   "; free some space, or allow writing there");
  sync_folder(folder);
}

void sync_folder(const std::string& folder) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

}  // namespace grapevine
