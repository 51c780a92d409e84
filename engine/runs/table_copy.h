// Rows of one database copied into another, table by table: ids are given again. Private to runs/; belongs to
// the thread of its connections.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace grapevine {

/// Old ids → new ones.
using NewIds = std::map<std::int64_t, std::int64_t>;

/// Of one table; columns that refer to others are given their new ids by the caller.
class TableCopy {
 public:
  /// The columns that both have, without `id`, which is given again. `or_what`: "OR IGNORE", "OR REPLACE" …
  TableCopy(SQLite::Database& into, SQLite::Database& from, const std::string& table,
            const std::string& or_what = "");

  /// What a row's new values are where they are not the old ones; false leaves the row out.
  template <class Change>
  NewIds copy(SQLite::Database& from, const std::string& where, std::int64_t parameter, bool has_id,
              Change change) {
    NewIds ids;
    SQLite::Statement row(from, (has_id ? select_with_id_ : select_) + " WHERE " + where);
    row.bind(1, parameter);
    SQLite::Statement insert(into_, insert_);
    while (row.executeStep()) {
      bind(row, insert);
      if (!change(row, insert)) continue;
      insert.exec();
      if (has_id)
        ids[row.getColumn(static_cast<int>(columns_.size())).getInt64()] = into_.getLastInsertRowid();
      insert.reset();
    }
    return ids;
  }

  /// Of a column, from 0.
  int place(const std::string& column) const;
  const std::vector<std::string>& columns() const { return columns_; }

 private:
  void bind(SQLite::Statement& row, SQLite::Statement& insert) const;

  SQLite::Database& into_;
  std::vector<std::string> columns_;
  std::string select_, select_with_id_, insert_;
};

/// A value of any type, as it is.
void bind_as_it_is(SQLite::Statement& to, int index, const SQLite::Column& value);
/// Users may have added columns of any name.
std::string quoted(const std::string& name);

}  // namespace grapevine
