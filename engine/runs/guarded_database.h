// A connection that trusts no file: the file may come from a colleague, a backup, a broken disk. SQLite's
// advice for such files is followed, and what keeps it busy longer than a valid file of its size could is
// interrupted, as is work that is to stop (session/interruption.h). Private to runs/; a connection belongs to
// one thread.
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
  /// Reads the file as it is, as if no program could ever write to it.
  static GuardedDatabase immutable(const std::string& name);

  /// From here on an operation has the whole budget again, that of the file as it has grown by now. What goes
  /// beyond it ends with SQLITE_INTERRUPT.
  void renew_budget();
  /// For a query that the user enters, and stops when it takes too long.
  void lift_budget();

 private:
  GuardedDatabase(const std::string& address, const std::string& name, int flags, int busy_milliseconds);
  std::string name_;
  std::unique_ptr<std::int64_t>
      left_;  ///< steps of SQLite's virtual machine, wherever this object is moved to
};

/// Refuses a database whose tables of ours are anything but ordinary tables: views, virtual tables, generated
/// columns, triggers on them, or columns missing. Other programs' tables and views are ignored. Throws
/// InputError.
void check_tables(SQLite::Database& database, const std::string& path, const std::vector<Migration>& history,
                  int version);

}  // namespace grapevine
