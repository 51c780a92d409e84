// Is a database still the one that work began with, or was it deleted, moved or replaced since? For work that
// does not keep it open all the time: a sweep between its cells, a queue between its entries. An object
// belongs to one thread.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <set>
#include <string>

namespace grapevine {

class DatabaseIdentity {
 public:
  /// Notes what lies there by now, if anything does.
  explicit DatabaseIdentity(std::string database);
  ~DatabaseIdentity();
  DatabaseIdentity(const DatabaseIdentity&) = delete;
  DatabaseIdentity& operator=(const DatabaseIdentity&) = delete;

  /// Its id, as last noted; "" while it has none.
  const std::string& id() const { return id_; }
  /// Whether it bears this id, is a copy of what bore it, or can't be read just now.
  bool is_of(const std::string& id);
  /// Something was stored in it: from now on it must be there. Where it was new, the run tells it from what
  /// may lie there by now.
  void expect(const std::string& run_uuid = "");
  /// "" while it is the same, or while that can't be said; else what became of it, as "was deleted". Writes
  /// nothing, and takes no part in SQLite's log.
  std::string fate();
  /// Whether what lies there now has this run. The same holds of it.
  bool holds(const std::string& run_uuid) const;

 private:
  struct Inside {
    bool readable = false;
    std::string id, ancestors;  ///< "" in a database of version 1
  };
  Inside read_inside() const;
  void note(const struct stat& file, const Inside& inside);
  bool is_same_file(const struct stat& file) const;
  bool is_ours(const Inside& inside, bool same_file) const;
  bool is_first_look_at_it() const;
  bool was_moved() const;

  const std::string path_;
  int handle_ = -1;  ///< O_PATH: keeps none of the locks that SQLite has of the file, and frees none
  struct stat file_ {};
  std::string id_, ancestors_, first_run_;
  std::set<std::string> ids_;  ///< a copied database is given another one, once
  bool expected_ = false;
};

}  // namespace grapevine
