// Opening the database and naming its errors.
#include "engine/runs/database.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "engine/error.h"
#include "engine/files/abandoned.h"
#include "engine/files/careful_file.h"
#include "engine/files/work_folder.h"
#include "engine/runs/left_log.h"
#include "engine/runs/migrations.h"
#include "engine/runs/new_database.h"
#include "engine/runs/other_names.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/side_file.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr int busy_milliseconds = 5000;
constexpr const char* rescue =
    "grapevine-cli db check says what can still be read of it, db backup copies it before anything is tried";
constexpr int sqlitecpp_own = -1;  ///< of a row that was expected, a number that is text
constexpr const char* what_to_do = "; name another database with --db, or another folder with --data-dir";
constexpr const char* later = "; try again when that program has ended";

/// Without what SQLite adds in its upper bits, as it does in a backup.
int primary_code(const SQLite::Exception& error) {
  return error.getErrorCode() < 0 ? error.getErrorCode() : error.getErrorCode() & 0xFF;
}

/// Wrong is the input or, where nothing else would have helped, what happens on this machine.
[[noreturn]] void refuse_as(bool of_the_machine, const std::string& sentence) {
  if (of_the_machine) throw RunError(sentence);
  throw InputError(sentence);
}

bool is_of_the_machine(const SQLite::Exception& error) {
  return disk_failed(error) || is_locked(error);
}

std::string cannot_write(const std::string& path, const std::string& why, const char* remedy = what_to_do) {
  return "can't write the database " + path + ": " + why + remedy;
}

const char* remedy_of(const SQLite::Exception& error) {
  return is_locked(error) ? later : what_to_do;
}

/// Reads the header, so that a file that is not a database is found out here.
GuardedDatabase touched(GuardedDatabase database) {
  database.execAndGet("SELECT count(*) FROM (SELECT 1 FROM sqlite_master LIMIT 1)");
  return database;
}

bool may_be_readable_otherwise(const SQLite::Exception& error) {
  const int code = primary_code(error);
  return code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_IOERR;
}

GuardedDatabase open_with_what_may_be(const std::string& path) {
  // Read-write first although nothing will be written: only such a connection tidies up its -wal and -shm
  // files.
  for (const int flags : {SQLite::OPEN_READWRITE, SQLite::OPEN_READONLY}) {
    try {
      return touched(GuardedDatabase(path, flags, busy_milliseconds));
    } catch (const SQLite::Exception& error) {
      if (!may_be_readable_otherwise(error)) throw;
    }
  }
  // A folder where no -shm file can be made: nobody writes there either, so the file may be taken as it lies.
  return touched(GuardedDatabase::immutable(path));
}

/// A folder, a pipe, a device: SQLite would take some of them for a file, and wait.
void refuse_what_is_no_file(const std::string& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_directory(status)) throw InputError("the database " + path + " is a folder" + what_to_do);
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw InputError("the database " + path + " is a pipe or a device and no file" + what_to_do);
  const std::string real = fs::weakly_canonical(fs::absolute(path), ignored).string();
  for (const char* ending : {"-journal", "-wal", "-shm"}) {
    const std::string next = real + ending;
    const fs::file_status kind = fs::status(next, ignored);
    if (fs::exists(kind) && !fs::is_regular_file(kind))
      throw InputError("the database " + path + " can't be opened: " + next +
                       " next to it is not a file: remove it, or name another with --db");
  }
}

/// Changes the file only the first time, and then needs it alone: SQLite does not wait by itself here.
/// Elsewhere than on a local disk WAL may be refused: slower, but right.
void switch_to_wal(SQLite::Database& database) {
  for (int waited = 0;; waited += 10) {
    try {
      database.execAndGet("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& error) {
      if (!is_locked(error) || waited >= busy_milliseconds) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
}

void make_folder_of(const std::string& path) {
  const fs::path folder = fs::absolute(path).parent_path();
  std::error_code trouble, ignored;
  // Where several programs begin at once, the library trips over what another has just made.
  for (int attempt = 0; attempt < 5; ++attempt) {
    trouble.clear();
    fs::create_directories(folder, trouble);
    if (!trouble || fs::is_directory(folder, ignored)) return;
  }
  refuse_as(is_of_the_disk(trouble.value()), "can't make the folder " + folder.string() +
                                                 " for the database: " + trouble.message() + what_to_do);
}

/// SQLite says of all that keeps it from writing that the file can't be opened; the system knows why.
std::string why_not_written(const std::string& path, const SQLite::Exception& error) {
  const int code = primary_code(error);
  if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY) return explain(error);
  std::error_code ignored;
  for (const fs::path& place : {fs::path(path), fs::absolute(path).parent_path()})
    if (fs::exists(place, ignored) && access(place.c_str(), W_OK) != 0)
      return place.string() + ": " + std::strerror(errno) + "; allow writing there";
  return explain(error);
}

}  // namespace

GuardedDatabase connect_for_writing(const std::string& path, const std::vector<Migration>& history) {
  NewDatabase made(path);
  make_folder_of(path);
  refuse_what_is_no_file(path);
  set_left_log_aside(path);
  refuse_other_names(path);
  look_after_log(path);
  GuardedDatabase database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, busy_milliseconds);
  const int version = checked_version(database, path, history.back().to);
  if (version > 0) check_tables(database, path, history, version);
  switch_to_wal(database);
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA foreign_keys = ON");
  bring_up_to_date(database, path, history);
  database.renew_budget();
  made.keep();
  return database;
}

GuardedDatabase open_for_writing(const std::string& path, const std::vector<Migration>& history) {
  try {
    GuardedDatabase database = connect_for_writing(path, history);
    if (&history == &migrations()) take_in_side_files(database, path);
    remove_abandoned_folders((fs::absolute(path).parent_path() / beside_work).string());
    return database;
  } catch (const SQLite::Exception& error) {
    refuse_as(is_of_the_machine(error), cannot_write(path, why_not_written(path, error), remedy_of(error)));
  } catch (const fs::filesystem_error& error) {
    refuse_writing(path, error.code());
  }
}

GuardedDatabase open_as_it_is(const std::string& path) {
  refuse_what_is_no_file(path);
  refuse_other_names(path);
  look_after_log(path);
  return open_with_what_may_be(path);
}

GuardedDatabase open_for_marking(const std::string& path) {
  refuse_what_is_no_file(path);
  refuse_other_names(path);
  look_after_log(path);
  GuardedDatabase database(path, SQLite::OPEN_READWRITE, busy_milliseconds);
  check_tables(database, path, migrations(), checked_version(database, path, migrations().back().to));
  return database;
}

GuardedDatabase open_for_reading(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    throw InputError("there is no database " + path + ": train a run first, or name another with --db");
  }
  refuse_what_is_no_file(path);
  try {
    GuardedDatabase database = open_as_it_is(path);
    const int version = checked_version(database, path, migrations().back().to);
    if (version == 0) {
      throw InputError("the database " + path + " holds no runs: train one first, or name another with --db");
    }
    check_tables(database, path, migrations(), version);
    database.renew_budget();
    return database;
  } catch (const SQLite::Exception& error) {
    refuse_reading(path, error);
  }
}

bool database_exists(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return fs::exists(path, ignored);
  if (fs::file_size(path, ignored) == 0) return false;
  try {
    // A writer has just made the file, and its tables come in a moment.
    GuardedDatabase database = open_as_it_is(path);
    return database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() > 0;
  } catch (const std::exception&) {
    return true;  // who opens it says what is wrong
  }
}

void refuse_writing(const std::string& path, const SQLite::Exception& error) {
  refuse_as(is_of_the_machine(error), cannot_write(path, explain(error), remedy_of(error)));
}
void refuse_writing(const std::string& path, const std::error_code& error) {
  refuse_as(is_of_the_disk(error.value()), cannot_write(path, error.message()));
}
void refuse_change(const std::string& what, const SQLite::Exception& error) {
  refuse_as(is_of_the_machine(error), what + ": " + explain(error) + (is_locked(error) ? later : ""));
}

void refuse_reading(const std::string& path, const SQLite::Exception& error) {
  refuse_as(is_locked(error), "can't read the database " + path + ": " + explain(error) + remedy_of(error));
}

bool disk_failed(const SQLite::Exception& error) {
  return primary_code(error) == SQLITE_FULL || primary_code(error) == SQLITE_IOERR;
}

bool is_locked(const SQLite::Exception& error) {
  return primary_code(error) == SQLITE_BUSY || primary_code(error) == SQLITE_LOCKED;
}

std::string explain(const SQLite::Exception& error) {
  if (primary_code(error) == SQLITE_INTERRUPT) interruption_point();  // asked for, and no error
  const std::string words = std::string(" (SQLite: ") + error.what() + ")";
  switch (primary_code(error)) {
    case SQLITE_FULL:
      return "the disk is full, free some space" + words;
    case SQLITE_READONLY:
      return "it is read-only" + words;
    case SQLITE_IOERR:
      return "the disk did not take or give the data" + words;
    case SQLITE_NOTADB:
      return "the file is not a database" + words;
    case SQLITE_CORRUPT:
    case SQLITE_FORMAT:
      return "the file is damaged" + words + "; " + rescue;
    case SQLITE_INTERRUPT:
      return "reading it takes longer than a file of this size can: it is damaged or was made to keep " +
             std::string("programs busy; ") + rescue;
    case SQLITE_TOOBIG:
      return "a text in it is larger than any of Grapevine's" + words + "; " + rescue;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program keeps it locked" + words;
    case SQLITE_CANTOPEN:
      return "the file can't be opened or made there" + words;
    case sqlitecpp_own:
      return "it holds what no Grapevine stores" + words + "; " + rescue;
    default:
      return error.what();
  }
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::time_t whole = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&whole, &parts);
  char date[32];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
  char text[48];
  std::snprintf(text, sizeof text, "%s.%03dZ", date, static_cast<int>(ms % 1000));
  return text;
}

std::string real_path(const std::string& database) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  std::error_code trouble, gone;
  const fs::path whole = fs::absolute(database, gone);
  const std::string real = gone ? std::string() : fs::weakly_canonical(whole, trouble).string();
  const std::lock_guard lock(mutex);
  if (!real.empty() && !trouble) return known[database] = real;
  const auto before = known.find(database);
  if (before != known.end()) return before->second;
  throw fs::filesystem_error("can't find", database, gone ? gone : trouble);
}

std::string beside(const std::string& database, const std::string& suffix) {
  return real_path(database) + suffix;
}

std::string beside_as_before(const std::string& database, const std::string& suffix) {
  const fs::path path = real_path(database);
  return (path.parent_path() / path.stem()).string() + suffix;
}

void refuse_to_replace_runs(const std::string& file) {
  refuse_to_replace_companions(file);
  std::error_code none;
  const std::string target = fs::weakly_canonical(file, none).string();
  for (const char* beside : {"-wal", "-checkpoints", "-locks"})
    if (!none && fs::exists(target, none) && fs::exists(target + beside, none))
      throw InputError("can't write " + file +
                       ": it is a database that runs are stored in; name another file");
  if (fs::exists(fs::path(target).parent_path() / owner_note, none)) refuse_to_replace_data(file);
}

}  // namespace grapevine
