// SQLite's backup API into a temporary file.
#include "engine/runs/backup.h"

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>

#include <filesystem>

#include "engine/error.h"
#include "engine/files/abandoned.h"
#include "engine/files/careful_file.h"
#include "engine/files/memory.h"
#include "engine/runs/database.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr int busy_milliseconds = 5000;
constexpr int pages_a_slice = 2000;  // some 8 MB

[[noreturn]] void refuse_in_use(const std::string& path) {
  throw RunError("can't copy the database " + path +
                 ": it is in use; close the other programs that use it and try again");
}

[[noreturn]] void refuse_pipe(const std::string& copy) {
  throw InputError("can't write a database to " + copy + ": it is a pipe; name a file");
}

/// Slice by slice, between which Stop is heard. Who reads meanwhile sees one state: writing of others neither
/// gets into the copy nor begins it again.
void copy_pages(SQLite::Database& target, GuardedDatabase& source, const std::string& path) {
  SQLite::Transaction reading(source);
  source.execAndGet("SELECT count(*) FROM (SELECT 1 FROM sqlite_master LIMIT 1)");
  SQLite::Backup backup(target, source);
  int code = SQLITE_OK;
  while ((code = backup.executeStep(pages_a_slice)) == SQLITE_OK) interruption_point();
  if (code != SQLITE_DONE) refuse_in_use(path);
}

void copy_database(const std::string& path, const std::string& copy) {
  CarefulFile file(copy);
  if (file.temporary_name().empty()) refuse_pipe(copy);
  try {
    GuardedDatabase source = open_as_it_is(path);
    SQLite::Database target(fs::absolute(file.temporary_name()).string(), SQLite::OPEN_READWRITE,
                            busy_milliseconds);
    copy_pages(target, source, path);
    try {
      target.exec("PRAGMA journal_mode = DELETE");  // else the copy asks its readers for files next to it
    } catch (const SQLite::Exception&) {
      // A damaged copy stays as the original is.
    }
  } catch (const SQLite::Exception& error) {
    if (is_locked(error)) refuse_in_use(path);
    refuse_change("can't copy the database " + path + " to " + copy, error);
  }
  file.place();
}

}  // namespace

void back_up_database(const std::string& path, const std::string& copy) {
  within_memory("the database ", path, [&] {
    std::error_code none;
    if (fs::equivalent(path, copy, none))
      throw InputError("can't copy the database " + path + " to itself; name another file");
    refuse_to_replace_runs(copy);
    if (fs::is_fifo(copy, none)) refuse_pipe(copy);  // before it waits for a reader
    remove_abandoned_files(copy);
    copy_database(path, copy);
  });
}

}  // namespace grapevine
