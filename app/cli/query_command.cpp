// query: the database asked in SQL.
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "engine/runs/sql_query.h"

namespace grapevine::cli {
namespace {

nlohmann::json as_json(const SqlValue& value) {
  return std::visit(
      [](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>)
          return nlohmann::json();
        else
          return nlohmann::json(held);
      },
      value);
}

std::string as_text(const SqlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::holds_alternative<std::monostate>(value) ? "" : as_json(value).dump();
}

bool is_number(const SqlValue& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

struct QueryOptions {
  std::string sql;
};

int run(const Options& options, const QueryOptions& own) {
  need_runs(options);
  const SqlAnswer answer = ask_in_sql(options.database_path(), own.sql);
  if (options.json) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& row : answer.rows) {
      nlohmann::json object = nlohmann::json::object();
      for (std::size_t i = 0; i < row.size(); ++i) object[answer.columns[i]] = as_json(row[i]);
      rows.push_back(std::move(object));
    }
    print_json({{"columns", answer.columns}, {"rows", rows}});
    return 0;
  }
  std::vector<Align> alignment(answer.columns.size(), Align::left);
  for (std::size_t i = 0; i < alignment.size(); ++i)
    for (const auto& row : answer.rows)
      if (is_number(row[i])) alignment[i] = Align::right;
  std::vector<std::string> headings;
  for (const std::string& column : answer.columns) headings.push_back(clean(column));
  Table table(headings, alignment);
  for (const auto& row : answer.rows) {
    std::vector<std::string> cells;
    for (const SqlValue& value : row) cells.push_back(as_text(value));
    table.add(std::move(cells));
  }
  print(table.text());
  return 0;
}

void describe(Usage& usage, QueryOptions& own) {
  usage.add("SQL", &own.sql, "One statement that reads, as \"SELECT rule, count(*) FROM runs GROUP BY rule\"")
      .must_be_given();
}

}  // namespace

Command query_command() {
  return make_command<QueryOptions>({"query", "Query the database in SQL, read-only",
                                     "The tables are described in README.md, The database, and by \"SELECT "
                                     "sql FROM sqlite_master\". With --json: "
                                     "{\"columns\": [names], \"rows\": [an object each]}."},
                                    describe, run);
}

}  // namespace grapevine::cli
