// Files and folders for work in between: a signal that ends the program removes them. Any thread may
// call; each object is one thread's.
#pragma once

#include <string>

namespace grapevine {

struct UnfinishedPlace;

/// Where work lies until it is done. The object only names it: its creator removes it.
class Unfinished {
 public:
  Unfinished() = default;
  ~Unfinished() { forget(); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  /// A file, with what SQLite may put next to it, or a folder with all that is in it.
  void name(const std::string& path) noexcept;
  /// It is in its place, or gone.
  void forget() noexcept;

 private:
  UnfinishedPlace* place_ = nullptr;  ///< in the list that the handler reads
};

/// From here on a signal that ends the program (Ctrl-C and similar, a pipe whose reader has closed it)
/// removes what is unfinished first; where it is ignored, as under nohup, it stays so. A file that grows
/// beyond a limit (ulimit -f) is reported as an error of writing. For a program's start.
void end_without_remains();

/// The same for a program that ends by itself, in a handler of signals too.
void remove_unfinished() noexcept;

}  // namespace grapevine
