// Reading a database through.
#include "engine/runs/maintenance.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/files/memory.h"
#include "engine/runs/checkpoint_file.h"
#include "engine/runs/checkpoint_folder.h"
#include "engine/runs/checkpoint_store.h"
#include "engine/runs/database.h"
#include "engine/runs/left_log.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/run_copy.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/side_file.h"
#include "engine/runs/stored_experiment.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using SQLite::Statement;

class Examination {
 public:
  explicit Examination(const std::string& path, bool is_side_file = false)
      : path_(path), is_side_file_(is_side_file) {}

  DatabaseCheck carry_out() {
    if (!database_exists(path_)) {
      const std::string missing = "there is no database " + path_;
      if (side_files_of(path_).empty() && logs_set_aside(path_).empty())
        throw InputError(missing + ": name another with --db");
      tell(missing);  // it was lost while runs were in progress, and they were kept
      part("", [&] { look_at_side_files(); });
      look_at_logs();
      return std::move(found_);
    }
    part("", [&] { look_at_pages(); });
    part("", [&] { look_at_runs(); });
    part("", [&] { look_at_checkpoints(); });
    if (!is_side_file_) part("", [&] { look_at_side_files(); });
    look_at_logs();
    if (!is_side_file_) part("", [&] { look_at_orphans(); });
    return std::move(found_);
  }

 private:
  /// What one part can't read the next one may.
  template <class Part>
  void part(const std::string& what, Part look) {
    try {
      look();
    } catch (const SQLite::Exception& error) {
      tell(what + explain(error));
    } catch (const NotEnoughMemory&) {
      throw;  // says nothing of the database
    } catch (const Error& error) {
      tell(what + error.what());
    }
  }
  void tell(std::string problem) {
    if (std::find(found_.problems.begin(), found_.problems.end(), problem) == found_.problems.end())
      found_.problems.push_back(std::move(problem));
  }

  void look_at_pages() {
    GuardedDatabase database = open_as_it_is(path_);
    Statement pages(database, "PRAGMA integrity_check(20)");
    while (pages.executeStep())
      if (const std::string words = pages.getColumn(0).getString(); words != "ok")
        tell("SQLite finds damage: " + words);
    database.renew_budget();
    Statement keys(database, "PRAGMA foreign_key_check");
    std::int64_t loose = 0;
    while (keys.executeStep()) ++loose;
    if (loose > 0) tell(std::to_string(loose) + " rows belong to runs or curves that are not there");
  }

  void look_at_runs() {
    RunReader reader(path_);
    const std::vector<RunSummary> runs = reader.list();
    found_.runs = static_cast<std::int64_t>(runs.size());
    for (const RunSummary& run : runs) look_at_run(reader, run);
    for (const std::string& trouble : reader.troubles()) tell(trouble);
  }

  void look_at_run(RunReader& reader, const RunSummary& run) {
    const std::string who = "run " + std::to_string(run.id);
    const std::size_t before = reader.troubles().size();
    part(who + ": ", [&] {
      const RunData data = reader.load(run.id);
      for (const auto& [key, series] : data.series)
        found_.samples += static_cast<std::int64_t>(series.size());
      if (reader.troubles().size() == before) ++found_.readable;
      for (const Event& event : data.events) {
        if (parse_stored_json(event.data).is_discarded())
          tell(who + ": the numbers of the event '" + event.kind.text() + "' at step " +
               std::to_string(event.step) + " are not valid JSON");
      }
      if (data.experiment != no_experiment) stored_experiment(data);  // else curves alone
    });
    part("", [&] { reader.commands(run.id, -1); });
  }

  void look_at_checkpoints() {
    GuardedDatabase database = open_for_reading(path_);
    const CheckpointFolder folder = CheckpointFolder::find(database, path_);
    Statement row(database,
                  "SELECT run, step, file, size, sha256, (SELECT uuid FROM runs WHERE id = run) FROM "
                  "checkpoints ORDER BY run, step");
    while (row.executeStep()) {
      part("run " + row.getColumn(0).getString() + ": ", [&] {
        read_checkpoint({folder.file(row.getColumn(2).getString(), row.getColumn(5).getString()),
                         row.getColumn(3).getInt64(), row.getColumn(4).getString()});
        ++found_.checkpoints;
      });
    }
  }

  void look_at_side_files() {
    for (const SideFinding& side : side_findings(path_)) {
      if (!side.trouble.empty())
        tell("the file " + side.file + " is where a side file would be, and is not one: " + side.trouble +
             "; nothing of it is taken in: move it elsewhere");
      else if (side.is_ours)
        look_into(side.file, side.stays);
      else
        tell("the side file " + side.file + " is not this database's" + whose(side.owner) +
             ": nothing of it is taken in here; grapevine-cli db merge takes its runs into any database");
    }
  }

  /// Files of runs that nobody trains at present: what is just being written has no row yet.
  void look_at_orphans() {
    GuardedDatabase database = open_for_reading(path_);
    const CheckpointFolder folder = CheckpointFolder::find(database, path_);
    if (!folder.is_there()) return;
    const std::vector<ForeignRun> runs = foreign_runs(database);
    std::vector<std::string> uuids;
    for (const ForeignRun& run : runs) uuids.push_back(run.uuid);
    std::map<std::string, std::vector<std::string>> files;  // of each run that has any
    for (const std::string& file : orphans_of(database, folder, uuids))
      files[run_of_file(file)].push_back(file);
    for (const ForeignRun& run : runs) {
      const auto own = files.find(run.uuid);
      if (own == files.end() || !flaw_of(run).empty() ||
          RunLock(path_, run.uuid, run.group_uuid, run.group_kind).is_held())
        continue;
      for (const std::string& file : own->second)
        found_.notes.push_back(file + " is a checkpoint of run " + std::to_string(run.id) +
                               " that the database does not name any more: it may be deleted");
    }
  }

  /// By its place, or that another database was in this one's.
  std::string whose(const std::string& owner) const {
    std::error_code none;
    if (owner.empty()) return "";
    return std::filesystem::equivalent(owner, path_, none)
               ? ", but that of another database, which was here before under the same name"
               : ", but that of " + stored_line(owner);
  }

  void look_at_logs() { found_.notes = logs_set_aside(path_); }

  /// A side file is a database: what can be read of it is what can be saved.
  void look_into(const std::string& side, const std::string& stays) {
    const DatabaseCheck inside = Examination(side, true).carry_out();
    tell("part of its runs is in the side file " + side + ", of which " + std::to_string(inside.readable) +
         " of " + std::to_string(inside.runs) + (inside.runs == 1 ? " run" : " runs") +
         " can be read in full: " +
         (stays.empty() ? "the next run takes it in"
                        : "it stays there, for it can't be taken in (" + stays + ")") +
         "; grapevine-cli db merge takes what can be read of it into any database");
    for (const std::string& problem : inside.problems) tell("the side file " + side + ": " + problem);
  }

  const std::string path_;
  const bool is_side_file_;
  DatabaseCheck found_;
};

/// Bytes that the database takes, also what is still in the log next to it.
std::int64_t size_of(SQLite::Database& database) {
  return database.execAndGet("PRAGMA page_count").getInt64() *
         database.execAndGet("PRAGMA page_size").getInt64();
}

}  // namespace

DatabaseCheck check_database_file(const std::string& path) {
  return within_memory("the database ", path, [&] { return Examination(path).carry_out(); });
}

SizeChange vacuum_database(const std::string& path) {
  if (!database_exists(path)) open_for_reading(path);  // says what is missing
  GuardedDatabase database = open_for_writing(path);
  SizeChange change;
  try {
    change.before = size_of(database);
    database.exec("VACUUM");
    database.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)");
    change.after = size_of(database);
  } catch (const SQLite::Exception& error) {
    refuse_writing(path, error);
  }
  return change;
}

}  // namespace grapevine
