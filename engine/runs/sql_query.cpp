// SQLite's own API: only it says where a statement ends and asks before it does something.
#include "engine/runs/sql_query.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "engine/error.h"
#include "engine/runs/database.h"

namespace grapevine {
namespace {

constexpr const char* what_it_may =
    "query reads and changes nothing: SELECT, WITH, VALUES, EXPLAIN, and PRAGMA table_info and similar ones";

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

bool is_one_of(const char* word, std::initializer_list<const char*> words) {
  return word && std::any_of(words.begin(), words.end(),
                             [&](const char* one) { return sqlite3_stricmp(word, one) == 0; });
}

bool may_ask_pragma(const char* name, const char* argument) {
  return is_one_of(name, {"table_info", "table_xinfo", "table_list", "index_list", "index_info",
                          "index_xinfo", "foreign_key_list"}) ||
         (!argument &&
          is_one_of(name, {"user_version", "application_id", "page_count", "page_size", "encoding"}));
}

int may(void*, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return is_one_of(second, {"load_extension", "fts3_tokenizer"}) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
      return may_ask_pragma(first, second) ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

[[noreturn]] void refuse(sqlite3* handle, int code) {
  const std::string words = sqlite3_errmsg(handle);
  if (code == SQLITE_AUTH || code == SQLITE_READONLY)
    throw InputError(std::string(what_it_may) + " (SQLite: " + words + ")");
  throw InputError(
      "the query can't be answered: " + words +
      "; the tables are in README.md, The database, and in: grapevine-cli query \"SELECT sql FROM "
      "sqlite_master\"");
}

Prepared prepare(sqlite3* handle, const char*& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle, sql, -1, &statement, &sql);
  Prepared prepared(statement);
  if (code != SQLITE_OK) refuse(handle, code);
  return prepared;
}

std::string hexadecimal(const void* bytes, int count) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text = "x'";
  for (int i = 0; i < count; ++i) {
    const auto byte = static_cast<const unsigned char*>(bytes)[i];
    text += {digits[byte >> 4], digits[byte & 15]};
  }
  return text + "'";
}

SqlValue value_of(sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(row, column));
    case SQLITE_FLOAT:
      return sqlite3_column_double(row, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
    }
    case SQLITE_BLOB:
      return hexadecimal(sqlite3_column_blob(row, column), sqlite3_column_bytes(row, column));
    default:
      return {};
  }
}

std::vector<std::string> columns_of(sqlite3_stmt* statement) {
  std::vector<std::string> names;
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    const std::string name = sqlite3_column_name(statement, i);
    std::string free = name;
    for (int n = 2; std::find(names.begin(), names.end(), free) != names.end(); ++n)
      free = name + "_" + std::to_string(n);
    names.push_back(free);
  }
  return names;
}

/// SQLite makes these tables of functions the first time that they are named, which the authorizer would take
/// for making a table.
void make_tables_of_functions(SQLite::Database& database) {
  for (const char* name :
       {"json_each", "json_tree", "pragma_table_info", "pragma_table_xinfo", "pragma_table_list",
        "pragma_index_list", "pragma_index_info", "pragma_index_xinfo"})
    database.exec(std::string("SELECT 1 FROM ") + name + " LIMIT 0");
}

}  // namespace

SqlAnswer ask_in_sql(const std::string& database, const std::string& sql, std::int64_t most_bytes) {
  if (sql.find('\0') != std::string::npos) throw InputError("the query holds a zero byte");
  GuardedDatabase connection = open_for_reading(database);
  connection.lift_budget();
  connection.exec("PRAGMA query_only = ON");
  sqlite3* handle = connection.getHandle();
  // A view of the user's own is a question like another: here it can do no more.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 1, nullptr);
  make_tables_of_functions(connection);
  sqlite3_set_authorizer(handle, may, nullptr);

  const char* rest = sql.c_str();
  const Prepared statement = prepare(handle, rest);
  if (!statement)
    throw InputError("there is no query; for example: grapevine-cli query \"SELECT id, rule FROM runs\"");
  if (!sqlite3_stmt_readonly(statement.get())) throw InputError(what_it_may);
  while (*rest)
    if (prepare(handle, rest))
      throw InputError("query answers one statement: leave out what follows the first");
  SqlAnswer answer{columns_of(statement.get()), {}};
  int code = SQLITE_ROW;
  std::int64_t bytes = 0;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    auto& row = answer.rows.emplace_back();
    for (int i = 0; i < static_cast<int>(answer.columns.size()); ++i) {
      row.push_back(value_of(statement.get(), i));
      const auto* text = std::get_if<std::string>(&row.back());
      bytes += static_cast<std::int64_t>(sizeof(SqlValue) + (text ? text->size() : 0));
    }
    if (bytes > most_bytes)
      throw InputError("the answer takes more memory than there is for it, after " +
                       std::to_string(answer.rows.size()) + " rows: ask for less, as with LIMIT 1000");
  }
  if (code != SQLITE_DONE) refuse(handle, code);
  return answer;
}

}  // namespace grapevine
