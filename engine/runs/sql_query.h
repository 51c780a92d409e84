// A question of the user's own in SQL. It reads and nothing else, whatever the words say and whatever the
// file contains. Any thread may call; the call opens a connection of its own.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/files/machine.h"

namespace grapevine {

/// NULL, whole number, number, text; a BLOB comes as x'…' in hexadecimal.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;

struct SqlAnswer {
  std::vector<std::string> columns;  ///< no two are the same: a second `id` is id_2
  std::vector<std::vector<SqlValue>> rows;
};

/// One statement. Takes as long as it takes. Throws InputError for what is not valid SQL, for anything that
/// would change the file or open another, for several statements, and for an answer of more than
/// `most_bytes`, as one without end.
SqlAnswer ask_in_sql(const std::string& database, const std::string& sql,
                     std::int64_t most_bytes = usable_memory() / 8);

}  // namespace grapevine
