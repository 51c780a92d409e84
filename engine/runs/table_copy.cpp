// The statements of a table's copy.
#include "engine/runs/table_copy.h"

#include <algorithm>

namespace grapevine {
namespace {

using SQLite::Statement;

std::vector<std::string> columns_of(SQLite::Database& database, const std::string& table) {
  std::vector<std::string> columns;
  Statement query(database, "SELECT name FROM pragma_table_info(?)");
  query.bind(1, table);
  while (query.executeStep()) columns.push_back(query.getColumn(0).getString());
  return columns;
}

}  // namespace

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

void bind_as_it_is(Statement& to, int index, const SQLite::Column& value) {
  if (value.isNull()) {
    to.bind(index);
  } else if (value.isInteger()) {
    to.bind(index, value.getInt64());
  } else if (value.isFloat()) {
    to.bind(index, value.getDouble());
  } else {
    to.bind(index, value.getString());
  }
}

TableCopy::TableCopy(SQLite::Database& into, SQLite::Database& from, const std::string& table,
                     const std::string& or_what)
    : into_(into) {
  const std::vector<std::string> known = columns_of(from, table);
  std::string names, places;
  for (const std::string& column : columns_of(into, table)) {
    if (column == "id" || std::find(known.begin(), known.end(), column) == known.end()) continue;
    columns_.push_back(column);
    names += (names.empty() ? "" : ", ") + quoted(column);
    places += places.empty() ? "?" : ", ?";
  }
  select_ = "SELECT " + names + " FROM " + table;
  select_with_id_ = "SELECT " + names + ", id FROM " + table;
  insert_ = "INSERT " + or_what + " INTO " + table + " (" + names + ") VALUES (" + places + ")";
}

int TableCopy::place(const std::string& column) const {
  return static_cast<int>(std::find(columns_.begin(), columns_.end(), column) - columns_.begin());
}

void TableCopy::bind(Statement& row, Statement& insert) const {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    bind_as_it_is(insert, static_cast<int>(i) + 1, row.getColumn(static_cast<int>(i)));
}

}  // namespace grapevine
