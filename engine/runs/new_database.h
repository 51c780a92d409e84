// A database that did not exist before: what a failed beginning made of it goes again. Private to runs/; an
// object belongs to one thread.
#pragma once

#include <string>
#include <vector>

namespace grapevine {

/// Declared before the connection, so that it goes after it. Without keep() it removes what was not there at
/// first: the file, what SQLite and we put next to it, and the folders above; unless a run or a waiting
/// experiment is in it by then, or that can't be said.
class NewDatabase {
 public:
  explicit NewDatabase(const std::string& path);
  ~NewDatabase();
  NewDatabase(const NewDatabase&) = delete;
  NewDatabase& operator=(const NewDatabase&) = delete;

  void keep() { made_.clear(); }

 private:
  std::string path_;
  std::vector<std::string> made_;     ///< whatever is there of these is new
  std::vector<std::string> folders_;  ///< the same, the deepest first
};

}  // namespace grapevine
