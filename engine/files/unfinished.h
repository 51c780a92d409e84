// Files and folders for work in between: a signal that ends the program takes them along. Any thread may
// call; each object is one thread's.
#pragma once

#include <string>

namespace grapevine {

/// Where work lies until it is done. The object only names it: who made it removes it.
class Unfinished {
 public:
  Unfinished() = default;
  ~Unfinished() { forget(); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  /// A file, with what SQLite may put beside it, or a folder with all that is in it.
  void name(const std::string& path) noexcept;
  /// It is in its place, or gone.
  void forget() noexcept;

 private:
  int place_ = -1;  ///< in the list that the handler reads
};

/// From here on a signal that ends the program (Ctrl-C and its kin, a pipe whose reader is gone) removes what
/// is unfinished first; where it is ignored, as under nohup, it stays so. A file that grows beyond a limit
/// (ulimit -f) is told as an error of writing. For a program's start.
void end_without_remains();

/// The same for a program that leaves by itself, in a handler of signals too.
void remove_unfinished() noexcept;

}  // namespace grapevine
