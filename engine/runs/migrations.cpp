// Migrations inside one transaction, with a backup before it.
#include "engine/runs/migrations.h"

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>

#include <filesystem>

#include "engine/error.h"

namespace grapevine {
namespace {

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

void back_up(SQLite::Database& database, const std::string& path, int next) {
  const std::string copy = path + ".before-version-" + std::to_string(next);
  const std::string partial = copy + ".partial";
  std::filesystem::remove(partial);
  {
    SQLite::Database target(partial, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup backup(target, database);
    if (backup.executeStep(-1) != SQLITE_DONE) {
      throw InputError("can't copy the database " + path + " before bringing it up to date: it is in use; " +
                       "close the other programs that use it and try again");
    }
  }
  std::filesystem::rename(partial, copy);
}

}  // namespace

int checked_version(SQLite::Database& database, const std::string& path, int newest) {
  const int version = pragma(database, "user_version");
  const int stamp = pragma(database, "application_id");
  const bool empty =
      version == 0 && stamp == 0 && database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
  if (empty) return 0;
  if (stamp != application_id) {
    throw InputError("the file " + path + " is an SQLite database of another program, not Grapevine's: " +
                     "name another with --db");
  }
  if (version > newest) {
    throw InputError("the database " + path + " is of version " + std::to_string(version) +
                     ", made by a newer Grapevine; this one knows versions up to " + std::to_string(newest) +
                     ": use the newer program, or name another database with --db");
  }
  return version;
}

void bring_up_to_date(SQLite::Database& database, const std::string& path,
                      const std::vector<Migration>& history) {
  const int newest = history.back().to;
  if (checked_version(database, path, newest) == newest) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  // Another program may have been faster: what it did counts. Now the others wait.
  const int present = checked_version(database, path, newest);
  if (present == newest) return;
  if (present > 0) back_up(database, path, newest);
  if (present == 0) database.exec("PRAGMA application_id = " + std::to_string(application_id));
  for (const Migration& migration : history) {
    if (migration.to <= present) continue;
    database.exec(migration.sql);
    database.exec("PRAGMA user_version = " + std::to_string(migration.to));
  }
  transaction.commit();
}

}  // namespace grapevine
