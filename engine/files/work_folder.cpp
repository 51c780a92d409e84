// Nothing may throw between the folder's making and the object's being there, nor while it goes.
#include "engine/files/work_folder.h"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>

#include "engine/files/abandoned.h"

namespace grapevine {

WorkFolder::WorkFolder(const std::string& start) {
  std::string name = start + "XXXXXX";
  if (!::mkdtemp(name.data())) {
    error_ = errno;
    return;
  }
  try {
    path_ = name;
    unfinished_.name(name);
    lock_ = lock_work_folder(name);
  } catch (...) {
    ::rmdir(name.c_str());
    throw;
  }
}

WorkFolder::~WorkFolder() {
  if (error_ != 0) return;
  try {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  } catch (...) {
    // What could not be listed stays.
  }
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace grapevine
