// Row by row through two connections: ids are given again, uuids stay.
#include "engine/runs/run_copy.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"
#include "engine/runs/checkpoint_file.h"
#include "engine/runs/kept_start.h"
#include "engine/runs/run_values.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using SQLite::Statement;

constexpr std::int64_t rows_a_budget = 100'000;

/// What says who a run is and what its owner made of it, and not how far it is.
bool stays(const std::string& column) {
  for (const char* name : {"uuid", "name", "tags", "notes", "colour", "colour_chosen", "pinned", "archived",
                           "baseline", "deleted", "group_uuid", "group_kind", "group_position", "parent_uuid",
                           "parent_step", "parent_sha256", "origin", "started"})
    if (column == name) return true;
  return false;
}

}  // namespace

std::vector<ForeignRun> foreign_runs(SQLite::Database& database) {
  std::vector<ForeignRun> runs;
  Statement row(database,
                "SELECT id, uuid, group_uuid, group_kind, status, experiment, coalesce(heartbeat, '') FROM "
                "runs ORDER BY id");
  while (row.executeStep()) {
    runs.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getString(),
                    row.getColumn(3).getString(), StatusWord::read(row.getColumn(4).getString()),
                    row.getColumn(5).getString(), row.getColumn(6).getString()});
  }
  return runs;
}

std::string flaw_of(const ForeignRun& run) {
  if (!is_uuid(run.uuid) || (!run.group_uuid.empty() && !is_uuid(run.group_uuid)))
    return "its uuid is invalid";
  return parse_stored_json(run.experiment).is_discarded() ? "its settings are not valid JSON" : "";
}

RunCopy::~RunCopy() {
  for (const std::string& file : brought_) ::unlink(file.c_str());
}

std::int64_t RunCopy::take(const ForeignRun& run) {
  TableCopy table(into_, from_, "runs");
  const int status = table.place("status") + 1;
  const std::int64_t id =
      table
          .copy(from_, "id = ?", run.id, true,
                [&](Statement&, Statement& to) {
                  if (is_going_on(run.status))
                    to.bind(status, StatusWord(RunStatus::interrupted).text());  // nobody holds its lock
                  return true;
                })
          .at(run.id);
  copy_curves(run, id);
  add_missing("events", {"step", "kind", "cause", "data"}, run, id);
  copy_checkpoints(run, id, add_missing("commands", {"step", "command", "value", "replay"}, run, id));
  copy_start(run);
  return id;
}

void RunCopy::complete(const ForeignRun& run, std::int64_t id) {
  std::vector<std::string> told;
  const TableCopy table(into_, from_, "runs");
  for (const std::string& column : table.columns())
    if (!stays(column)) told.push_back(column);
  std::string names, changes;
  for (const std::string& column : told) {
    names += (names.empty() ? "" : ", ") + quoted(column);
    changes += (changes.empty() ? "" : ", ") + quoted(column) + " = ?";
  }
  Statement row(from_, "SELECT " + names + " FROM runs WHERE id = ?");
  row.bind(1, run.id);
  row.executeStep();
  Statement update(into_, "UPDATE runs SET " + changes + " WHERE id = ?");
  const int count = static_cast<int>(told.size());
  for (int i = 0; i < count; ++i) bind_as_it_is(update, i + 1, row.getColumn(i));
  const auto status = std::find(told.begin(), told.end(), "status");
  if (is_going_on(run.status))
    update.bind(static_cast<int>(status - told.begin()) + 1, StatusWord(RunStatus::interrupted).text());
  update.bind(count + 1, id);
  update.exec();
  copy_curves(run, id);
  add_missing("events", {"step", "kind", "cause", "data"}, run, id);
  copy_checkpoints(run, id, add_missing("commands", {"step", "command", "value", "replay"}, run, id));
  copy_start(run);
}

void RunCopy::copy_curves(const ForeignRun& run, std::int64_t id) {
  forget_run_values(into_, id);
  TableCopy samples(into_, from_, "samples", "OR REPLACE");
  const int place = samples.place("series") + 1;
  Statement curve(from_, "SELECT id, measure, point FROM series WHERE run = ?");
  curve.bind(1, run.id);
  Statement insert(into_, "INSERT OR IGNORE INTO series (run, measure, point) VALUES (?, ?, ?)");
  Statement find(into_, "SELECT id FROM series WHERE run = ? AND measure = ? AND point = ?");
  while (curve.executeStep()) {
    into_.renew_budget();
    from_.renew_budget();
    for (Statement* each : {&insert, &find}) {
      each->bind(1, id);
      each->bind(2, curve.getColumn(1).getString());
      each->bind(3, curve.getColumn(2).getInt64());
    }
    insert.exec();
    insert.reset();
    find.executeStep();
    const std::int64_t series = find.getColumn(0).getInt64();
    find.reset();
    std::int64_t rows = 0;
    samples.copy(from_, "series = ?", curve.getColumn(0).getInt64(), false, [&](Statement&, Statement& to) {
      if (++rows % rows_a_budget == 0) into_.renew_budget();  // as many as the other file holds
      to.bind(place, series);
      return true;
    });
  }
}

/// Rows of which the run here has as many of the same content already are those; the others are inserted.
NewIds RunCopy::add_missing(const std::string& table, const std::vector<std::string>& same,
                            const ForeignRun& run, std::int64_t id) {
  const auto content = [&](Statement& row, const std::vector<int>& places) {
    std::string text;
    for (const int place : places) text += row.getColumn(place).getString() + '\x1f';
    return text;
  };
  std::string names;
  std::vector<int> places;
  for (const std::string& column : same) {
    places.push_back(static_cast<int>(places.size()) + 1);
    names += ", " + column;
  }
  std::map<std::string, std::vector<std::int64_t>> known;
  Statement here(into_, "SELECT id" + names + " FROM " + table + " WHERE run = ? ORDER BY id DESC");
  here.bind(1, id);
  while (here.executeStep()) known[content(here, places)].push_back(here.getColumn(0).getInt64());

  TableCopy rows(into_, from_, table);
  const int run_at = rows.place("run") + 1, id_at = static_cast<int>(rows.columns().size());
  std::vector<int> columns;
  for (const std::string& column : same) columns.push_back(rows.place(column));
  NewIds found;
  NewIds ids = rows.copy(from_, "run = ? ORDER BY id", run.id, true, [&](Statement& row, Statement& to) {
    const auto equal = known.find(content(row, columns));
    if (equal != known.end() && !equal->second.empty()) {
      found[row.getColumn(id_at).getInt64()] = equal->second.back();
      equal->second.pop_back();
      return false;
    }
    to.bind(run_at, id);
    return true;
  });
  ids.merge(found);
  return ids;
}

/// Whether a row here means the file of this name in our folder.
bool RunCopy::names_here(const std::string& name) {
  Statement row(into_, "SELECT 1 FROM checkpoints WHERE file = ?");
  row.bind(1, ours_.row_name(name));
  return row.executeStep();
}

/// `commands`: rows count from there again, and `covered` means one of them or the last before it.
void RunCopy::copy_checkpoints(const ForeignRun& run, std::int64_t id, const NewIds& commands) {
  TableCopy table(into_, from_, "checkpoints");
  const int run_at = table.place("run"), file_at = table.place("file"), covered_at = table.place("covered");
  const int size_at = table.place("size"), sum_at = table.place("sha256"), step_at = table.place("step");
  Statement known(into_, "SELECT 1 FROM checkpoints WHERE run = ? AND step = ?");
  table.copy(from_, "run = ?", run.id, true, [&](Statement& row, Statement& to) {
    known.bind(1, id);
    known.bind(2, row.getColumn(step_at).getInt64());
    const bool is_here = known.executeStep();
    known.reset();
    if (is_here) return false;
    try {
      const std::string source = theirs_.file(row.getColumn(file_at).getString(), run.uuid);
      read_checkpoint({source, row.getColumn(size_at).getInt64(), row.getColumn(sum_at).getString()});
      const std::string name = std::filesystem::path(source).filename().string();
      if (names_here(name)) throw InputError("another checkpoint here has its name, " + name);
      to.bind(file_at + 1, bring_in(source));
    } catch (const InputError& error) {
      left_.push_back("a checkpoint of run " + std::to_string(run.id) + " was left out: " + error.what());
      return false;
    }
    const auto after = commands.upper_bound(row.getColumn(covered_at).getInt64());
    to.bind(run_at + 1, id);
    to.bind(covered_at + 1, after == commands.begin() ? std::int64_t{0} : std::prev(after)->second);
    ++checkpoints_;
    return true;
  });
}

/// The state that it begins with, where no row names it any more.
void RunCopy::copy_start(const ForeignRun& run) {
  const TableCopy table(into_, from_, "runs");
  const auto& columns = table.columns();
  if (std::find(columns.begin(), columns.end(), "parent_sha256") == columns.end())
    return;  // of version 0.1.0
  Statement row(
      from_,
      "SELECT parent_uuid, parent_step, parent_sha256 FROM runs WHERE id = ? AND parent_uuid IS NOT "
      "NULL AND parent_sha256 IS NOT NULL");
  row.bind(1, run.id);
  if (!row.executeStep()) return;
  const RunOrigin from{row.getColumn(0).getString(), row.getColumn(1).getInt64(),
                       row.getColumn(2).getString()};
  const std::string file = kept_start(theirs_.path(), from);
  if (!is_uuid(from.uuid) || file.empty()) return;
  bring_in(file);  // next to whatever has its name here: a stranger's does not take its place
}

// A file that was here before is not ours to take away again.
std::string RunCopy::bring_in(const std::string& source) {
  std::error_code none;
  const std::string here = ours_.path() + "/" + std::filesystem::path(source).filename().string();
  if (!std::filesystem::exists(here, none)) {
    brought_.push_back(here);  // before it is there: whatever fails then takes it away
    return ours_.bring_in(source);
  }
  std::set<std::string> before;
  for (const auto& entry : std::filesystem::directory_iterator(ours_.path(), none))
    before.insert(entry.path().filename().string());
  const std::string stored = ours_.bring_in(source);
  const std::string name = std::filesystem::path(stored).filename().string();
  if (!before.contains(name)) brought_.push_back(ours_.path() + "/" + name);
  return stored;
}

}  // namespace grapevine
