// A folder for work in between. Any thread may call; each object is one thread's.
#pragma once

#include <filesystem>
#include <string>

#include "engine/files/unfinished.h"

namespace grapevine {

/// How those beside a database or a run file begin.
inline constexpr const char* beside_work = ".grapevine-";

/// Made with the first free name, and goes with everything in it, even where memory has run out. One that a
/// killed program left goes with remove_abandoned_folders().
class WorkFolder {
 public:
  /// `start` and six characters more.
  explicit WorkFolder(const std::string& start);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  /// errno of what kept the folder from being made; 0: it is there.
  int error() const { return error_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int error_ = 0;
  int lock_ = -1;  ///< says that it is in use (abandoned.h)
  Unfinished unfinished_;
};

}  // namespace grapevine
