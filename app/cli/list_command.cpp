// list: the stored runs, those that a filter lets through, in the order asked for; else the newest first.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/run_tables.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/registry.h"
#include "engine/runs/comparison.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

/// Of a measure that has a better the best come first, of everything else the least.
bool greatest_first(const RunKey& key) {
  const MeasureDescriptor* measure = key.kind == RunKey::Kind::measure ? find_measure(key.name) : nullptr;
  return measure && measure->better == Better::up;
}

struct ListOptions {
  std::string filter, sort;
  std::vector<std::string> columns;
  bool reverse = false;
  bool deleted = false;
  bool archived = false;  ///< those that were put away too
  bool differences = false;
  int limit = 0;  ///< 0 = all
};

RunSelection selection_of(const ListOptions& own) {
  RunSelection selection;
  selection.filter = RunFilter::parse(own.filter);
  selection.columns = parse_run_keys(own.columns);
  selection.order = parse_run_key(own.sort.empty() ? "id" : own.sort);
  selection.descending = (own.sort.empty() || greatest_first(*selection.order)) != own.reverse;
  selection.deleted = own.deleted;
  // Who asks for them by name gets them.
  selection.archived = own.archived || own.deleted ||
                       std::any_of(selection.filter.keys().begin(), selection.filter.keys().end(),
                                   [](const RunKey& key) { return key.name == "archived"; });
  return selection;
}

nlohmann::json as_json(const RunCell& cell) {
  if (const auto* number = std::get_if<double>(&cell)) return *number;
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return {};
}

nlohmann::json document_of(const std::vector<RunRow>& rows, const std::vector<RunKey>& columns) {
  std::vector<RunSummary> runs;
  for (const RunRow& row : rows) runs.push_back(row.summary);
  nlohmann::json document = list_result(runs);
  for (std::size_t i = 0; i < rows.size() && !columns.empty(); ++i) {
    nlohmann::json& values = document["runs"][i]["values"] = nlohmann::json::object();
    for (std::size_t column = 0; column < columns.size(); ++column)
      values[columns[column].text()] = as_json(rows[i].cells[column]);
  }
  return document;
}

std::string cell_text(const RunKey& key, const RunCell& cell) {
  const auto* number = std::get_if<double>(&cell);
  const MeasureDescriptor* measure = key.kind == RunKey::Kind::measure ? find_measure(key.name) : nullptr;
  if (!number || !measure) return to_text(cell);
  if (measure->is_score) return score_text(*measure, *number);
  return measure->quantity == Quantity::cosine ? fixed(*number, 3) : short_number(*number);
}

std::string table_of(const std::vector<RunRow>& rows, const std::vector<RunKey>& columns) {
  std::vector<std::string> headings{"id",   "name",    "status", "rule",      "model",
                                    "data", "started", "epochs", "best test", "tags"};
  std::vector<Align> alignment(headings.size(), Align::left);
  alignment[0] = alignment[7] = alignment[8] = Align::right;
  for (const RunKey& column : columns) {
    headings.push_back(column.text());
    alignment.push_back(Align::right);
  }
  Table table(headings, alignment);
  for (const RunRow& each : rows) {
    const RunSummary& run = each.summary;
    std::vector<std::string> row{std::to_string(run.id), run.name, run.status.text(), run.rule, run.model,
                                 run.data, local_time(run.started), epoch_text(run.epochs),
                                 // Most runs' accuracies need no word.
                                 (run.score == scores(Phase::test).front() ? "" : run.score->family + " ") +
                                     score_text(*run.score, run.best),
                                 run.tags};
    for (std::size_t i = 0; i < columns.size(); ++i) row.push_back(cell_text(columns[i], each.cells[i]));
    table.add(std::move(row));
  }
  return table.text();
}

std::string nothing_found(const Options& options, const ListOptions& own) {
  if (!own.filter.empty()) return "No runs match.\n";
  if (own.deleted) return "No run was deleted.\n";
  return "No runs yet in " + clean(options.database_path()) + ". Start one: grapevine-cli race\n";
}

std::vector<RunRow> rows_of(RunReader& reader, const RunSelection& selection, int limit) {
  std::vector<RunRow> rows = reader.rows(selection);
  if (limit > 0 && rows.size() > static_cast<std::size_t>(limit))
    rows.resize(static_cast<std::size_t>(limit));
  return rows;
}

/// The rows again, with a column for each setting in which they differ; empty where it means nothing to the
/// run.
std::vector<RunRow> with_differences(RunReader& reader, const std::vector<RunRow>& rows,
                                     RunSelection& selection, int limit) {
  std::vector<std::int64_t> ids;
  for (const RunRow& row : rows) ids.push_back(row.summary.id);
  const std::size_t chosen = selection.columns.size();
  for (const RunKey& key : differing_keys(reader, ids))
    if (key.name != rule_name_key()) selection.columns.push_back(key);
  selection.experiments = true;
  std::vector<RunRow> all = rows_of(reader, selection, limit);
  // A column that was asked for by name says what is stored.
  const std::vector<RunKey> added(selection.columns.begin() + static_cast<std::ptrdiff_t>(chosen),
                                  selection.columns.end());
  for (RunRow& row : all) {
    std::vector<RunCell> cells(row.cells.begin() + static_cast<std::ptrdiff_t>(chosen), row.cells.end());
    blank_what_does_not_count(added, row, cells);
    std::copy(cells.begin(), cells.end(), row.cells.begin() + static_cast<std::ptrdiff_t>(chosen));
  }
  return all;
}

int run(const Options& options, const ListOptions& own) {
  RunSelection selection = selection_of(own);
  const auto reader = open_runs(options);
  std::vector<RunRow> rows = reader ? rows_of(*reader, selection, own.limit) : std::vector<RunRow>{};
  if (own.differences && !rows.empty()) rows = with_differences(*reader, rows, selection, own.limit);
  if (options.json)
    print_json(document_of(rows, selection.columns));
  else
    print(rows.empty() ? nothing_found(options, own) : table_of(rows, selection.columns));
  return reader ? tell_troubles(*reader) : 0;
}

void describe(Usage& usage, ListOptions& own) {
  add_filter(usage, own.filter);
  usage.add("--sort", &own.sort, "Sort by a column, a setting or a measure; of a measure the best come first")
      .shown_as("KEY", Completes::run_key);
  usage.add("--reverse", &own.reverse, "Reverse the order");
  usage.add("--columns", &own.columns, "More columns: settings and measures")
      .shown_as("KEY,…", Completes::run_key);
  usage.add("--differences", &own.differences, "A column for each setting in which the listed runs differ");
  usage.add("--limit", &own.limit, "At most N runs; 0 = all").shown_as("N").between(0, 1000000000);
  usage.add("--archived", &own.archived, "Also archived runs");
  usage.add("--deleted", &own.deleted, "The deleted runs; restore brings them back");
}

}  // namespace

Command list_command() {
  return make_command<ListOptions>({"list", "List the stored runs, newest first", filter_help()}, describe,
                                   run);
}

}  // namespace grapevine::cli
