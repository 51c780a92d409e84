// What a file is to a window that is to open it, by what is in it, and where that does not say it by its
// name. Any thread may call; nothing is opened that could make it wait (a pipe, a device).
#pragma once

#include <cstdint>
#include <string>

namespace grapevine {

enum class OpenedKind : std::uint8_t {
  none,  ///< nothing that the window takes, or no file
  experiment,
  lesson,
  sweep,
  run_file,  ///< runs for another library
  database,
  curves,  ///< as other programs write them
  parameters,
};

/// A file that ends in .json and is neither lesson nor sweep is an experiment, whatever is wrong with it:
/// reading it says what.
OpenedKind kind_of_opened(const std::string& path);

}  // namespace grapevine
