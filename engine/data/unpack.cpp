#include "engine/data/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/error.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

/// A file's handle that closes itself.
struct Handle {
  int number;
  ~Handle() {
    if (number >= 0) ::close(number);
  }
};

/// The archive's bytes, for libarchive: a stop is heard also where it skips a large file, all of which it
/// unpacks.
class Source {
 public:
  Source(const std::string& file, const WorkHooks& hooks)
      : file_{::open(file.c_str(), O_RDONLY | O_CLOEXEC)}, hooks_(hooks) {}

  int open(archive* in) {
    if (file_.number < 0) {
      archive_set_error(in, errno, "%s", std::strerror(errno));
      return ARCHIVE_FATAL;
    }
    ::lseek(file_.number, 0, SEEK_SET);
    archive_read_set_read_callback(in, read);
    archive_read_set_seek_callback(in, seek);
    archive_read_set_callback_data(in, this);
    return archive_read_open1(in);
  }

 private:
  static la_ssize_t read(archive* in, void* self, const void** bytes) {
    auto& source = *static_cast<Source*>(self);
    *bytes = source.bytes_.data();
    if (source.hooks_.stopped()) return ARCHIVE_FATAL;
    ssize_t got = -1;
    do got = ::read(source.file_.number, source.bytes_.data(), source.bytes_.size());
    while (got < 0 && errno == EINTR);
    if (got < 0) archive_set_error(in, errno, "%s", std::strerror(errno));
    return got;
  }
  static la_int64_t seek(archive*, void* self, la_int64_t offset, int whence) {
    const off_t at = ::lseek(static_cast<Source*>(self)->file_.number, offset, whence);
    return at < 0 ? ARCHIVE_FATAL : at;
  }

  const Handle file_;
  const WorkHooks& hooks_;
  std::vector<char> bytes_ = std::vector<char>(1 << 16);  // unpacked they may be a thousand times as many
};

// Tiny ImageNet, the largest of them, has 120,000 and 600.
constexpr std::size_t most_files = 1'000'000, most_folders = 10'000;
constexpr std::ptrdiff_t deepest = 32;

class Unpacker {
 public:
  Unpacker(const std::string& file, const std::string& folder, std::int64_t most_bytes,
           const WorkHooks& hooks)
      : file_(file),
        folder_(folder),
        most_(most_bytes),
        hooks_(hooks),
        source_(file, hooks),
        in_(nullptr, archive_read_free) {
    std::error_code none;
    progress_.what = "unpacking";
    progress_.file = fs::path(file).filename().string();
    progress_.total = static_cast<std::int64_t>(fs::file_size(file, none));
  }

  /// Names first: what is refused for them has cost the disk nothing.
  void run() {
    open();
    while (archive_entry* entry = next()) look_at(entry);
    fs::create_directory(folder_);
    open();
    while (archive_entry* entry = next()) take(entry);
    if (written_ == 0) refuse("it holds no files");
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw RunError("the archive " + file_ + " is refused: " + why + "; nothing was unpacked");
  }
  [[noreturn]] void too_large() const {
    refuse("it unpacks to more than " + with_separators(most_) + " bytes");
  }
  void open() {
    in_.reset(archive_read_new());
    archive_read_support_filter_gzip(in_.get());
    archive_read_support_format_tar(in_.get());
    archive_read_support_format_zip(in_.get());
    if (source_.open(in_.get()) != ARCHIVE_OK) damaged();
  }
  /// nullptr at the end.
  archive_entry* next() {
    if (hooks_.stopped()) throw WorkStopped{};
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(in_.get(), &entry);
    if (code == ARCHIVE_EOF) return nullptr;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) damaged();
    return entry;
  }
  [[noreturn]] void damaged() const {
    if (hooks_.stopped()) throw WorkStopped{};
    const char* words = archive_error_string(in_.get());
    refuse(std::string("it is damaged or cut short (") + (words ? words : "no reason given") + ")");
  }
  [[noreturn]] void cannot_write(const fs::path& path, int error) const {
    throw RunError(path.string() + ": can't be written while unpacking: " + std::strerror(error) +
                   "; what was unpacked has been removed: free some space and try again");
  }

  /// Where an entry goes; refuses one that would not stay in the folder.
  fs::path place_of(archive_entry* entry) const {
    const char* name = archive_entry_pathname(entry);
    if (!name || !*name) refuse("it has an entry without a name");
    const fs::path path(name);
    if (std::distance(path.begin(), path.end()) > deepest)
      refuse("it has folders within folders, more than " + std::to_string(deepest));
    if (path.is_absolute()) refuse("the entry '" + path.string() + "' has an absolute name");
    for (const fs::path& part : path)
      if (part == "..") refuse("the entry '" + path.string() + "' leads out of its folder");
    return folder_ / path;
  }

  static bool is_file(archive_entry* entry) { return archive_entry_filetype(entry) == AE_IFREG; }

  void look_at(archive_entry* entry) {
    const fs::path path = place_of(entry);
    if (archive_entry_hardlink(entry) || archive_entry_symlink(entry) ||
        (!is_file(entry) && archive_entry_filetype(entry) != AE_IFDIR))
      refuse("the entry '" + std::string(archive_entry_pathname(entry)) + "' is a link or a device");
    folders_.insert((is_file(entry) ? path.parent_path() : path).string());
    if (folders_.size() > most_folders)
      refuse("it holds more than " + with_separators(most_folders) + " folders");
    if (!is_file(entry)) return;
    if (++files_ > most_files) refuse("it holds more than " + with_separators(most_files) + " files");
    announced_ += std::max<std::int64_t>(0, archive_entry_size(entry));
    if (most_ > 0 && announced_ > most_) too_large();
  }

  void take(archive_entry* entry) {
    const fs::path path = place_of(entry);
    std::error_code failed;
    fs::create_directories(is_file(entry) ? path.parent_path() : path, failed);
    if (failed) cannot_write(path, failed.value());
    if (is_file(entry)) write(path);
  }

  void write(const fs::path& path) {
    const Handle out{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)};
    if (out.number < 0 && errno == EEXIST) refuse("it holds '" + path.filename().string() + "' twice");
    if (out.number < 0) cannot_write(path, errno);
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    for (;;) {
      if (hooks_.stopped()) throw WorkStopped{};
      const int code = archive_read_data_block(in_.get(), &data, &size, &offset);
      if (code == ARCHIVE_EOF) break;
      if (code != ARCHIVE_OK) damaged();
      written_ += static_cast<std::int64_t>(size);
      if (most_ > 0 && written_ > most_) too_large();
      put(out.number, path, static_cast<const char*>(data), size, offset);
    }
    progress_.done = archive_filter_bytes(in_.get(), -1);
    hooks_.tell(progress_);
  }

  void put(int out, const fs::path& path, const char* data, std::size_t size, la_int64_t offset) const {
    while (size > 0) {
      const ssize_t written = ::pwrite(out, data, size, offset);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) cannot_write(path, errno);
      data += written;
      offset += written;
      size -= static_cast<std::size_t>(written);
    }
  }

  std::string file_;
  fs::path folder_;
  std::int64_t most_, announced_ = 0, written_ = 0;
  std::unordered_set<std::string> folders_;  ///< that entries lie in
  std::size_t files_ = 0;
  const WorkHooks& hooks_;
  WorkProgress progress_;
  Source source_;
  std::unique_ptr<archive, int (*)(archive*)> in_;
};

}  // namespace

void unpack(const std::string& archive, const std::string& folder, std::int64_t most_bytes,
            const WorkHooks& hooks) {
  if (fs::exists(folder)) throw RunError(folder + " is there already; remove it");
  try {
    Unpacker(archive, folder, most_bytes, hooks).run();
  } catch (...) {
    std::error_code none;
    fs::remove_all(folder, none);
    throw;
  }
}

}  // namespace grapevine
