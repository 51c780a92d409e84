// The lock that says "a program writes this run": an OS lock on a file next to the database. The system frees
// it when the program ends, however it ends. Private to runs/. An object belongs to one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace grapevine {

class LockFile {
 public:
  /// Takes the lock, making file and folder; nullopt when another program kept it for `patience`. Throws
  /// InputError when the file can't be made, or is a link.
  static std::optional<LockFile> take(const std::string& path, std::chrono::milliseconds patience);
  /// True when a program holds it. Makes no file.
  static bool is_held(const std::string& path);

  /// Once more while it is held: where its file was removed it is made and taken again. False when another
  /// program took it meanwhile.
  bool keep();

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();  ///< removes the file and frees the lock

 private:
  LockFile(int file, std::string path) : file_(file), path_(std::move(path)) {}
  int file_ = -1;
  std::string path_;
};

/// The lock of a run, or of a race, whose runs are written together. While version 0.1.0 may still be writing
/// a run its lock, of another name, counts and is taken too.
class RunLock {
 public:
  /// Of a race the group's uuid is its name. Throws InputError for an invalid uuid: it becomes a file's
  /// name.
  RunLock(const std::string& database, const std::string& uuid, const std::string& group_uuid,
          const std::string& group_kind);
  /// False when another program kept it for `patience`. It is held until this object is destroyed.
  bool take(std::chrono::milliseconds patience);
  bool is_held() const;
  /// LockFile::keep(); true where it was never taken.
  bool keep();

 private:
  std::string path_, path_as_before_;
  std::optional<LockFile> lock_, lock_as_before_;
};

}  // namespace grapevine
