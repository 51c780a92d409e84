// The lock that says "somebody writes this run": an OS lock on a file beside the database. The system frees
// it when the program ends, however it ends. Private to runs/. An object belongs to one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace grapevine {

class LockFile {
 public:
  /// Takes the lock, making file and folder; nullopt when somebody else kept it for `patience`. Throws
  /// InputError when the file can't be made.
  static std::optional<LockFile> take(const std::string& path, std::chrono::milliseconds patience);
  /// True when somebody holds it. Makes no file.
  static bool is_held(const std::string& path);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();  ///< removes the file and frees the lock

 private:
  LockFile(int file, std::string path) : file_(file), path_(std::move(path)) {}
  int file_ = -1;
  std::string path_;
};

/// Where the lock of a run lies: a race has one, named after its group, as its runs are written together.
std::string lock_path(const std::string& database, const std::string& uuid, const std::string& group_uuid,
                      const std::string& group_kind);

}  // namespace grapevine
