// Hardened connections, and our tables as the migrations make them against those that a file brings.
#include "engine/runs/guarded_database.h"

#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <map>
#include <mutex>

#include "engine/error.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

// A row takes some ten bytes of the file at least, and reading one some ten steps: what an honest file needs
// lies far below.
constexpr std::int64_t steps_a_byte = 16;
constexpr std::int64_t steps_of_any_file = 50'000'000;
constexpr int steps_between_looks = 50'000;

std::int64_t budget_for(const std::string& name) {
  std::uintmax_t bytes = 0;
  for (const char* part : {"", "-wal"}) {
    std::error_code missing;
    const auto size = fs::file_size(name + part, missing);
    if (!missing) bytes += size;
  }
  return steps_of_any_file + steps_a_byte * static_cast<std::int64_t>(bytes);
}

/// Ends what takes too long, and what somebody wants to be stopped.
int count_down(void* left) {
  if (interruption_requested()) return 1;
  auto& steps = *static_cast<std::int64_t*>(left);
  steps -= steps_between_looks;
  return steps < 0;
}

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

/// https://www.sqlite.org/security.html, "Untrusted SQLite Database Files".
void harden(SQLite::Database& database) {
  sqlite3* handle = database.getHandle();
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 32 << 20);  // a text or a row
  sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
  sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 200);
  sqlite3_limit(handle, SQLITE_LIMIT_COMPOUND_SELECT, 20);
  sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, 100'000);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 1);  // VACUUM attaches one
  sqlite3_limit(handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
  sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 4);
  database.exec("PRAGMA cell_size_check = ON");
  database.exec("PRAGMA mmap_size = 0");
}

/// Names as SQLite compares them.
std::string folded(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
  return name;
}

/// "Who": is it anything but a plain stored column?
struct Column {
  std::string name;
  bool plain = true;
  int place_in_key = 0;  ///< from 1; 0 where it is not part of the primary key
};

using Tables = std::map<std::string, std::vector<Column>>;

std::vector<Column> columns_of(SQLite::Database& database, const std::string& table) {
  std::vector<Column> columns;
  SQLite::Statement query(database, "SELECT name, hidden, pk FROM pragma_table_xinfo(?)");
  query.bind(1, table);
  while (query.executeStep())
    columns.push_back({folded(query.getColumn(0).getString()), query.getColumn(1).getInt() == 0,
                       query.getColumn(2).getInt()});
  return columns;
}

/// Our tables and their columns: what the migrations make of an empty file.
Tables made_tables(const std::vector<Migration>& history, int version) {
  SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  for (const Migration& migration : history)
    if (migration.to <= version) fresh.exec(migration.sql);
  Tables tables;
  SQLite::Statement query(fresh,
                          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
  while (query.executeStep()) {
    const std::string name = query.getColumn(0).getString();
    tables[folded(name)] = columns_of(fresh, name);
  }
  return tables;
}

/// The program's own history never changes, and every opening asks for its tables.
Tables expected_tables(const std::vector<Migration>& history, int version) {
  if (&history != &migrations()) return made_tables(history, version);
  static std::mutex one_at_a_time;
  static std::map<int, Tables> known;
  const std::lock_guard lock(one_at_a_time);
  if (const auto found = known.find(version); found != known.end()) return found->second;
  return known.emplace(version, made_tables(history, version)).first->second;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw InputError("the database " + path + " can't be used: " + what +
                   "; somebody changed it: name another with --db");
}

/// Without its key a table takes the same row twice, and a run's number leads to none.
void check_column(const std::string& path, const std::string& table, const Column& expected,
                  const std::vector<Column>& there) {
  const auto found =
      std::find_if(there.begin(), there.end(), [&](const Column& one) { return one.name == expected.name; });
  if (found == there.end()) refuse(path, "the table '" + table + "' has no column '" + expected.name + "'");
  if (found->place_in_key != expected.place_in_key)
    refuse(path, "the column " + table + "." + expected.name + " is " +
                     (expected.place_in_key > 0 ? "not part of the table's key" : "part of the table's key"));
}

}  // namespace

GuardedDatabase::GuardedDatabase(const std::string& address, const std::string& name, int flags,
                                 int busy_milliseconds)
    : SQLite::Database(address, flags, busy_milliseconds),
      name_(fs::absolute(name).string()),
      left_(std::make_unique<std::int64_t>(budget_for(name_))) {
  harden(*this);
  sqlite3_progress_handler(getHandle(), steps_between_looks, count_down, left_.get());
}

// An absolute path begins with "/": none of SQLite's own names does.
GuardedDatabase::GuardedDatabase(const std::string& name, int flags, int busy_milliseconds)
    : GuardedDatabase(fs::absolute(name).string(), name, flags, busy_milliseconds) {}

GuardedDatabase GuardedDatabase::immutable(const std::string& name) {
  return {as_uri(name) + "?immutable=1", name, SQLite::OPEN_READONLY | SQLite::OPEN_URI, 0};
}

void GuardedDatabase::renew_budget() {
  *left_ = budget_for(name_);
}

void GuardedDatabase::lift_budget() {
  *left_ = std::numeric_limits<std::int64_t>::max();
}

void check_tables(SQLite::Database& database, const std::string& path, const std::vector<Migration>& history,
                  int version) {
  auto missing = expected_tables(history, version);
  const auto ours = missing;
  SQLite::Statement query(database, "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master");
  while (query.executeStep()) {
    const std::string type = query.getColumn(0).getString(), name = query.getColumn(1).getString();
    if (type == "trigger" && ours.contains(folded(query.getColumn(2).getString())))
      refuse(path, "the trigger '" + name + "' is on the table '" + query.getColumn(2).getString() + "'");
    if (!ours.contains(folded(name)) || type == "index") continue;
    if (type != "table") refuse(path, "'" + name + "' in it is a " + type + " and no table");
    if (folded(query.getColumn(3).getString()).starts_with("create virtual"))
      refuse(path, "'" + name + "' in it is a virtual table");
    missing.erase(folded(name));
  }
  if (!missing.empty()) refuse(path, "the table '" + missing.begin()->first + "' is not in it");
  for (const auto& [table, expected] : ours) {
    const std::vector<Column> there = columns_of(database, table);
    for (const Column& column : there)
      if (!column.plain) refuse(path, "the column " + table + "." + column.name + " is a computed one");
    for (const Column& column : expected) check_column(path, table, column, there);
  }
}

}  // namespace grapevine
