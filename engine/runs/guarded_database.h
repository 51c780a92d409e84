// A connection that trusts nobody: the file may come from a colleague, a backup, a broken disk. SQLite's
// advice for such files is followed, and what keeps it busy longer than an honest file of its size could is
// broken off. Private to runs/; a connection belongs to one thread.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/runs/schema.h"

namespace grapevine {

class GuardedDatabase : public SQLite::Database {
 public:
  /// Throws SQLite::Exception. `name` is taken literally: "file:x.db" and ":memory:" are files.
  GuardedDatabase(const std::string& name, int flags, int busy_milliseconds = 0);
  /// Takes the file as it lies, as if nobody could ever write to it.
  static GuardedDatabase immutable(const std::string& name);

  /// From here on an operation has the whole budget again. What goes beyond it ends with SQLITE_INTERRUPT.
  void renew_budget();
  /// For a question that the user himself asks, and breaks off when it takes too long.
  void lift_budget();

 private:
  GuardedDatabase(const std::string& address, const std::string& name, int flags, int busy_milliseconds);
  std::int64_t whole_ = 0;              ///< steps of SQLite's virtual machine
  std::unique_ptr<std::int64_t> left_;  ///< the handler's, wherever this object is moved to
};

/// Refuses a database whose tables of ours are anything but ordinary tables: views, virtual tables, generated
/// columns, triggers on them, or columns missing. Tables and views of others are left alone. Throws
/// InputError.
void check_tables(SQLite::Database& database, const std::string& path, const std::vector<Migration>& history,
                  int version);

}  // namespace grapevine
