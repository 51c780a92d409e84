#include "engine/files/sqlite_file.h"

#include <fstream>

namespace grapevine {

bool begins_as_database(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string beginning(sqlite_beginning.size(), '\0');
  return file.read(beginning.data(), static_cast<std::streamsize>(beginning.size())) &&
         beginning == sqlite_beginning;
}

}  // namespace grapevine
