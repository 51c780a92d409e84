// Opening the database and naming its errors.
#include "engine/runs/database.h"

#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <thread>

#include "engine/error.h"
#include "engine/runs/migrations.h"
#include "engine/runs/run_reader.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr int busy_milliseconds = 5000;
constexpr const char* what_to_do = "; name another database with --db, or another folder with --data-dir";

/// Percent-encodes what has a meaning in SQLite's file: URIs.
std::string as_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : fs::absolute(path).string()) {
    if (c == '%' || c == '?' || c == '#') {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
      uri += code;
    } else {
      uri += c;
    }
  }
  return uri;
}

/// Reads the header, so that a file that is no database is found out here.
void touch(SQLite::Database& database) {
  database.execAndGet("SELECT count(*) FROM sqlite_master");
}

SQLite::Database open_existing(const std::string& path) {
  // Read-write first although nothing will be written: only such a connection tidies up its -wal and -shm
  // files.
  try {
    SQLite::Database database(path, SQLite::OPEN_READWRITE, busy_milliseconds);
    touch(database);
    return database;
  } catch (const SQLite::Exception& error) {
    const int code = error.getErrorCode();
    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY && code != SQLITE_IOERR) throw;
  }
  try {
    SQLite::Database database(path, SQLite::OPEN_READONLY, busy_milliseconds);
    touch(database);
    return database;
  } catch (const SQLite::Exception& error) {
    const int code = error.getErrorCode();
    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY && code != SQLITE_IOERR) throw;
  }
  // A folder where no -shm file can be made: nobody writes there either, so the file may be taken as it lies.
  SQLite::Database database(as_uri(path) + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI);
  touch(database);
  return database;
}

/// Changes the file only the first time, and then needs it alone: SQLite does not wait by itself here.
/// Elsewhere than on a local disk WAL may be refused: slower, but right.
void switch_to_wal(SQLite::Database& database) {
  for (int waited = 0;; waited += 10) {
    try {
      database.execAndGet("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_BUSY || waited >= busy_milliseconds) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
}

void make_folder_of(const std::string& path) {
  const fs::path folder = fs::absolute(path).parent_path();
  std::error_code trouble;
  fs::create_directories(folder, trouble);
  if (trouble) {
    throw InputError("can't make the folder " + folder.string() + " for the database: " + trouble.message() +
                     what_to_do);
  }
}

}  // namespace

SQLite::Database connect_for_writing(const std::string& path, const std::vector<Migration>& history) {
  make_folder_of(path);
  if (fs::is_directory(path)) throw InputError("the database " + path + " is a folder" + what_to_do);
  SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, busy_milliseconds);
  checked_version(database, path, history.back().to);
  switch_to_wal(database);
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA foreign_keys = ON");
  bring_up_to_date(database, path, history);
  return database;
}

SQLite::Database open_for_writing(const std::string& path, const std::vector<Migration>& history) {
  try {
    return connect_for_writing(path, history);
  } catch (const SQLite::Exception& error) {
    throw cannot_write(path, explain(error));
  } catch (const fs::filesystem_error& error) {
    throw cannot_write(path, error.code().message());
  }
}

SQLite::Database open_for_reading(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    throw InputError("there is no database " + path + ": train a run first, or name another with --db");
  }
  if (fs::is_directory(path, ignored)) throw InputError("the database " + path + " is a folder" + what_to_do);
  try {
    SQLite::Database database = open_existing(path);
    const int newest = migrations().back().to;
    const int version = checked_version(database, path, newest);
    if (version == 0) {
      throw InputError("the database " + path + " holds no runs: train one first, or name another with --db");
    }
    if (version < newest) {
      throw InputError(
          "the database " + path + " is of version " + std::to_string(version) +
          " and this program reads version " + std::to_string(newest) +
          ": it can't be brought up to date where it lies (read-only?); copy it to a folder that can " +
          "be written");
    }
    return database;
  } catch (const SQLite::Exception& error) {
    throw InputError("can't read the database " + path + ": " + explain(error) + what_to_do);
  }
}

bool database_exists(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) ? fs::file_size(path, ignored) > 0 : fs::exists(path, ignored);
}

InputError cannot_write(const std::string& path, const std::string& why) {
  return InputError("can't write the database " + path + ": " + why + what_to_do);
}

std::string explain(const SQLite::Exception& error) {
  const std::string words = std::string(" (SQLite: ") + error.what() + ")";
  switch (error.getErrorCode()) {
    case SQLITE_FULL:
      return "the disk is full, free some space" + words;
    case SQLITE_READONLY:
      return "it is read-only" + words;
    case SQLITE_IOERR:
      return "the disk did not take or give the data" + words;
    case SQLITE_NOTADB:
      return "the file is not a database" + words;
    case SQLITE_CORRUPT:
      return "the file is damaged" + words;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program keeps it locked" + words;
    case SQLITE_CANTOPEN:
      return "the file can't be opened or made there" + words;
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

std::string beside(const std::string& database, const std::string& suffix) {
  // One name for one file: the lock's name follows from it, and SQLite resolves links the same way.
  const fs::path path = fs::weakly_canonical(fs::absolute(database));
  return (path.parent_path() / path.stem()).string() + suffix;
}

}  // namespace grapevine
