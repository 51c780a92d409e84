#include "engine/files/error_words.h"

#include <filesystem>
#include <new>

#include "engine/error.h"
#include "engine/files/careful_file.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

/// A shell's folder may be removed under it: then no name without a leading / means anything.
bool is_without_folder() {
  std::error_code gone;
  static_cast<void>(fs::current_path(gone));
  return static_cast<bool>(gone);
}

ErrorWords words_of_file_system(const fs::filesystem_error& error) {
  if (is_without_folder())
    return {
        "the folder that this program was started in is gone; change to another one, as with cd, and try "
        "again",
        2};
  const std::string path = error.path1().string();
  return {"can't use " + (path.empty() ? "a file" : path) + ": " + error.code().message() +
              "; check its name and rights",
          is_of_the_disk(error.code().value()) ? 1 : 2};
}

}  // namespace

ErrorWords words_of(const std::exception& error) {
  if (const auto* ours = dynamic_cast<const Error*>(&error)) return {ours->what(), ours->exit_status()};
  if (dynamic_cast<const std::bad_alloc*>(&error))
    return {"not enough memory; a smaller train.batch or model needs less", 1};
  if (const auto* refused = dynamic_cast<const fs::filesystem_error*>(&error))
    return words_of_file_system(*refused);
  return {std::string("unexpected: ") + error.what(), 1};
}

}  // namespace grapevine
