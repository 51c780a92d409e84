// Row by row through two connections: ids are given anew, uuids stay.
#include "engine/runs/merge.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"
#include "engine/runs/checkpoint_file.h"
#include "engine/runs/checkpoint_folder.h"
#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using SQLite::Statement;

/// Old ids → new ones.
using Ids = std::map<std::int64_t, std::int64_t>;

std::vector<std::string> columns_of(SQLite::Database& database, const std::string& table) {
  std::vector<std::string> columns;
  Statement query(database, "SELECT name FROM pragma_table_info(?)");
  query.bind(1, table);
  while (query.executeStep()) columns.push_back(query.getColumn(0).getString());
  return columns;
}

/// Users may have added columns of any name.
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

/// Copies rows of a table; columns that refer to others are given their new ids.
class TableCopy {
 public:
  /// The columns that both have, without `id`, which is given anew.
  TableCopy(SQLite::Database& into, SQLite::Database& from, const std::string& table) : into_(into) {
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
    insert_ = "INSERT INTO " + table + " (" + names + ") VALUES (" + places + ")";
  }

  /// What a row's new values are where they are not the old ones; false leaves the row out.
  template <class Change>
  Ids copy(SQLite::Database& from, const std::string& where, std::int64_t parameter, bool has_id,
           Change change) {
    Ids ids;
    Statement row(from, (has_id ? select_with_id_ : select_) + " WHERE " + where);
    row.bind(1, parameter);
    Statement insert(into_, insert_);
    while (row.executeStep()) {
      for (std::size_t i = 0; i < columns_.size(); ++i)
        bind_as_it_is(insert, static_cast<int>(i) + 1, row.getColumn(static_cast<int>(i)));
      if (!change(row, insert)) continue;
      insert.exec();
      if (has_id)
        ids[row.getColumn(static_cast<int>(columns_.size())).getInt64()] = into_.getLastInsertRowid();
      insert.reset();
    }
    return ids;
  }

  /// Of a column, from 0.
  int place(const std::string& column) const {
    return static_cast<int>(std::find(columns_.begin(), columns_.end(), column) - columns_.begin());
  }

 private:
  SQLite::Database& into_;
  std::vector<std::string> columns_;
  std::string select_, select_with_id_, insert_;
};

struct Foreign {
  std::int64_t id = 0;
  std::string uuid, group_uuid, group_kind, status, experiment;
};

std::vector<Foreign> runs_of(SQLite::Database& database) {
  std::vector<Foreign> runs;
  Statement row(database,
                "SELECT id, uuid, group_uuid, group_kind, status, experiment FROM runs ORDER BY id");
  while (row.executeStep()) {
    runs.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getString(),
                    row.getColumn(3).getString(), row.getColumn(4).getString(),
                    row.getColumn(5).getString()});
  }
  return runs;
}

std::set<std::string> uuids_of(SQLite::Database& database) {
  std::set<std::string> uuids;
  Statement row(database, "SELECT uuid FROM runs");
  while (row.executeStep()) uuids.insert(row.getColumn(0).getString());
  return uuids;
}

class Merge {
 public:
  Merge(const std::string& into, const std::string& from)
      : from_path_(from),
        from_(open_for_reading(from)),
        into_(open_for_writing(into)),
        theirs_(CheckpointFolder::find(from_, from)),
        ours_(CheckpointFolder::own(into_, into)) {}

  MergeResult carry_out(const std::vector<std::string>& only) {
    std::set<std::string> known = uuids_of(into_);
    for (const Foreign& run : runs_of(from_)) {
      if (!only.empty() && std::find(only.begin(), only.end(), run.uuid) == only.end()) continue;
      from_.renew_budget();
      into_.renew_budget();
      if (known.contains(run.uuid)) {
        ++result_.known;
      } else if (const std::string why = why_not(run); !why.empty()) {
        leave("run " + std::to_string(run.id) + " of " + from_path_ + " was left out: " + why);
      } else {
        take(run);
        known.insert(run.uuid);
      }
    }
    return std::move(result_);
  }

 private:
  void leave(std::string why) { result_.left.push_back(std::move(why)); }

  std::string why_not(const Foreign& run) const {
    if (!is_uuid(run.uuid) || (!run.group_uuid.empty() && !is_uuid(run.group_uuid)))
      return "its uuid is none";
    if (parse_stored_json(run.experiment).is_discarded()) return "its settings are no JSON";
    try {
      const RunLock lock(from_path_, run.uuid, run.group_uuid, run.group_kind);
      return lock.is_held() ? "it is going on" : "";
    } catch (const InputError& error) {
      return error.what();
    }
  }

  void take(const Foreign& run) {
    try {
      SQLite::Transaction transaction(into_, SQLite::TransactionBehavior::IMMEDIATE);
      const std::int64_t id = copy_run(run);
      copy_rows(run, id);
      transaction.commit();
      result_.taken.push_back(id);
    } catch (const SQLite::Exception& error) {
      leave("run " + std::to_string(run.id) + " of " + from_path_ + " was left out: " + explain(error));
    }
  }

  std::int64_t copy_run(const Foreign& run) {
    TableCopy table(into_, from_, "runs");
    const int status = table.place("status") + 1;
    const bool going_on = run.status == "running" || run.status == "paused";
    return table
        .copy(from_, "id = ?", run.id, true,
              [&](Statement&, Statement& to) {
                if (going_on) to.bind(status, "interrupted");  // nobody holds its lock
                return true;
              })
        .at(run.id);
  }

  void copy_rows(const Foreign& run, std::int64_t id) {
    const auto of_run = [id](TableCopy& table) {
      return [id, place = table.place("run") + 1](Statement&, Statement& to) {
        to.bind(place, id);
        return true;
      };
    };
    TableCopy series(into_, from_, "series"), samples(into_, from_, "samples");
    const Ids curves = series.copy(from_, "run = ?", run.id, true, of_run(series));
    const int place = samples.place("series") + 1;
    for (const auto& [old_curve, new_curve] : curves) {
      samples.copy(from_, "series = ?", old_curve, false, [&, curve = new_curve](Statement&, Statement& to) {
        to.bind(place, curve);
        return true;
      });
    }
    TableCopy events(into_, from_, "events"), commands(into_, from_, "commands");
    events.copy(from_, "run = ? ORDER BY id", run.id, true, of_run(events));
    const Ids given = commands.copy(from_, "run = ? ORDER BY id", run.id, true, of_run(commands));
    copy_checkpoints(run, id, given);
  }

  /// `commands`: rows count from anew, and `covered` means one of them or the last before it.
  void copy_checkpoints(const Foreign& run, std::int64_t id, const Ids& commands) {
    TableCopy table(into_, from_, "checkpoints");
    const int run_at = table.place("run"), file_at = table.place("file"), covered_at = table.place("covered");
    const int size_at = table.place("size"), sum_at = table.place("sha256");
    table.copy(from_, "run = ?", run.id, true, [&](Statement& row, Statement& to) {
      try {
        const std::string source = theirs_.file(row.getColumn(file_at).getString(), run.uuid);
        read_checkpoint({source, row.getColumn(size_at).getInt64(), row.getColumn(sum_at).getString()});
        to.bind(file_at + 1, ours_.bring_in(source));
      } catch (const InputError& error) {
        leave("a checkpoint of run " + std::to_string(run.id) + " was left out: " + error.what());
        return false;
      }
      const auto after = commands.upper_bound(row.getColumn(covered_at).getInt64());
      to.bind(run_at + 1, id);
      to.bind(covered_at + 1, after == commands.begin() ? std::int64_t{0} : std::prev(after)->second);
      ++result_.checkpoints;
      return true;
    });
  }

  const std::string from_path_;
  GuardedDatabase from_, into_;
  CheckpointFolder theirs_, ours_;
  MergeResult result_;
};

}  // namespace

MergeResult merge_database(const std::string& into, const std::string& from,
                           const std::vector<std::string>& only) {
  std::error_code none;
  if (std::filesystem::equivalent(into, from, none))
    throw InputError("a database can't be merged into itself: " + from + "; name another");
  try {
    return Merge(into, from).carry_out(only);
  } catch (const SQLite::Exception& error) {
    throw cannot_read(from, error);
  }
}

}  // namespace grapevine
