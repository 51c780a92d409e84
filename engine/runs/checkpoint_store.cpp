// Checkpoint sets: files first, then rows; rows go first when a set is dropped, then files.
#include "engine/runs/checkpoint_store.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "engine/error.h"
#include "engine/runs/database.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

/// A name that is free: a set may be made again at its step, and the earlier one counts until the rows say
/// otherwise.
std::string free_path(const std::string& folder, const std::string& uuid, std::int64_t step) {
  const std::string start = folder + "/" + uuid + "-step-" + std::to_string(step);
  std::string path = start + ".checkpoint";
  std::error_code none;  // where nobody may look, who writes there says why
  for (int again = 2; fs::exists(path, none); ++again)
    path = start + "-" + std::to_string(again) + ".checkpoint";
  return path;
}

/// A checkpoint at which another run begins is kept.
constexpr const char* named_by_no_child =
    "NOT EXISTS (SELECT 1 FROM runs child WHERE child.parent_step = checkpoints.step AND child.parent_uuid = "
    "(SELECT uuid FROM runs WHERE id = checkpoints.run))";

/// Nor is the latest best of a run.
constexpr const char* not_the_best =
    "step IS NOT (SELECT max(step) FROM checkpoints AS other WHERE other.run = checkpoints.run AND "
    "other.best = 1)";

/// Deletes the rows of `run` that `where` selects (one parameter besides the run) and returns their files, as
/// far as no other row names them and no other run begins with them.
std::vector<std::string> drop_rows(SQLite::Database& database, const CheckpointFolder& folder,
                                   std::int64_t run, const std::string& where, std::int64_t parameter) {
  std::vector<std::pair<std::string, std::string>> dropped;  // as stored, the file
  SQLite::Statement query(database,
                          "SELECT file, (SELECT uuid FROM runs WHERE id = run), "
                          "EXISTS (SELECT 1 FROM runs child WHERE child.parent_sha256 = sha256) "
                          "FROM checkpoints WHERE run = ? AND " +
                              where);
  query.bind(1, run);
  query.bind(2, parameter);
  while (query.executeStep()) {
    const std::string stored = query.getColumn(0).getString();
    if (query.getColumn(2).getInt() != 0) continue;  // made again after a command, and still a child's start
    dropped.emplace_back(stored, folder.removable(stored, query.getColumn(1).getString()));
  }
  SQLite::Statement removal(database, "DELETE FROM checkpoints WHERE run = ? AND " + where);
  removal.bind(1, run);
  removal.bind(2, parameter);
  removal.exec();
  std::vector<std::string> files;
  SQLite::Statement others(database, "SELECT 1 FROM checkpoints WHERE file = ?");
  for (const auto& [stored, file] : dropped) {
    others.bind(1, stored);
    if (!file.empty() && !others.executeStep()) files.push_back(file);
    others.reset();
  }
  return files;
}

CheckpointFile file_at(SQLite::Database& database, const CheckpointFolder& folder, std::int64_t run,
                       std::int64_t step) {
  SQLite::Statement query(
      database,
      "SELECT file, size, sha256, (SELECT uuid FROM runs WHERE id = run) FROM checkpoints "
      "WHERE run = ? AND step = ?");
  query.bind(1, run);
  query.bind(2, step);
  if (!query.executeStep())
    throw InputError("the checkpoint of run " + std::to_string(run) + " was just replaced");
  return {folder.file(query.getColumn(0).getString(), query.getColumn(3).getString()),
          query.getColumn(1).getInt64(), query.getColumn(2).getString()};
}

}  // namespace

WrittenSet write_set(const std::string& folder, const std::vector<std::string>& uuids,
                     const CheckpointSet& set) {
  WrittenSet written;
  std::vector<NamedCheckpoint> states;
  for (std::size_t racer = 0; racer < set.racers.size() && racer < uuids.size(); ++racer) {
    const Checkpoint& checkpoint = set.racers[racer];
    written.step = checkpoint.step;
    written.epoch = checkpoint.epoch;
    written.best.push_back(checkpoint.best);
    states.push_back({free_path(folder, uuids[racer], checkpoint.step), &checkpoint});
  }
  written.files = write_checkpoints(states);
  return written;
}

std::vector<std::string> insert_set(SQLite::Database& database, const CheckpointFolder& folder,
                                    const std::vector<std::int64_t>& runs, const WrittenSet& set, int keep) {
  std::vector<std::string> old;
  SQLite::Statement insert(
      database,
      "INSERT INTO checkpoints (run, step, epoch, file, size, sha256, made, covered, best) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (std::size_t racer = 0; racer < runs.size() && racer < set.files.size(); ++racer) {
    const CheckpointFile& file = set.files[racer];
    const auto replaced = drop_rows(database, folder, runs[racer], "step = ?", set.step);
    old.insert(old.end(), replaced.begin(), replaced.end());
    SQLite::bind(insert, runs[racer], set.step, set.epoch, folder.row_name(file.path), file.size, file.sha256,
                 utc_now(), set.covered, racer < set.best.size() && set.best[racer] ? 1 : 0);
    insert.exec();
    insert.reset();
    const auto gone = drop_rows(database, folder, runs[racer],
                                std::string(named_by_no_child) + " AND " + not_the_best +
                                    " AND step < (SELECT min(step) FROM (SELECT step FROM checkpoints "
                                    "WHERE run = ?1 ORDER BY step DESC LIMIT ?2))",
                                keep);
    old.insert(old.end(), gone.begin(), gone.end());
  }
  return old;
}

std::vector<std::int64_t> common_steps(SQLite::Database& database, const std::vector<std::int64_t>& runs) {
  std::vector<std::int64_t> common;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    SQLite::Statement query(database, "SELECT step FROM checkpoints WHERE run = ? ORDER BY step DESC");
    query.bind(1, runs[i]);
    std::vector<std::int64_t> steps;
    while (query.executeStep()) steps.push_back(query.getColumn(0).getInt64());
    if (i == 0) {
      common = steps;
    } else {
      const std::set<std::int64_t> these(steps.begin(), steps.end());
      std::erase_if(common, [&](std::int64_t step) { return !these.contains(step); });
    }
  }
  return common;
}

CheckpointSet latest_set(SQLite::Database& database, const CheckpointFolder& folder,
                         const std::vector<std::int64_t>& runs) {
  std::string first_trouble;
  for (const std::int64_t step : common_steps(database, runs)) {
    std::vector<CheckpointFile> files;
    for (const std::int64_t run : runs) files.push_back(file_at(database, folder, run, step));
    try {
      CheckpointSet set;
      for (const CheckpointFile& file : files) set.racers.push_back(read_checkpoint(file));
      return set;
    } catch (const InputError& error) {  // an older set will do; the reason is reported when there is none
      if (first_trouble.empty()) first_trouble = error.what();
    }
  }
  const std::string who = runs.empty() ? std::string("no run") : "run " + std::to_string(runs.front());
  if (first_trouble.empty()) return {};
  throw InputError(who + " has no intact checkpoint to continue from: " + first_trouble +
                   "; put the file back, or train again from the start");
}

std::vector<std::string> drop_sets_after(SQLite::Database& database, const CheckpointFolder& folder,
                                         std::int64_t run, std::int64_t step) {
  return drop_rows(database, folder, run, std::string(named_by_no_child) + " AND step > ?", step);
}

std::vector<std::string> drop_sets_with_command(SQLite::Database& database, const CheckpointFolder& folder,
                                                std::int64_t run, std::int64_t command) {
  return drop_rows(database, folder, run, "covered >= ?", command);
}

std::vector<std::string> drop_all_but_best(SQLite::Database& database, const CheckpointFolder& folder,
                                           std::int64_t run) {
  return drop_rows(
      database, folder, run,
      std::string(named_by_no_child) + " AND " + not_the_best +
          " AND EXISTS (SELECT 1 FROM checkpoints AS other WHERE other.run = ?2 AND other.best = 1)",
      run);
}

std::string run_of_file(const std::string& file) {
  const std::string name = fs::path(file).filename().string();
  const std::size_t end = name.find("-step-");
  return end == std::string::npos ? "" : name.substr(0, end);
}

std::vector<std::string> orphans_of(SQLite::Database& database, const CheckpointFolder& folder,
                                    const std::vector<std::string>& uuids) {
  const std::set<std::string> runs(uuids.begin(), uuids.end());
  std::set<std::string> named;
  SQLite::Statement query(database, "SELECT file FROM checkpoints");
  while (query.executeStep()) named.insert(fs::path(query.getColumn(0).getString()).filename().string());
  std::vector<std::string> starts;
  SQLite::Statement children(
      database,
      "SELECT parent_uuid || '-step-' || parent_step FROM runs WHERE parent_uuid IS NOT "
      "NULL AND parent_sha256 IS NOT NULL");
  while (children.executeStep()) starts.push_back(children.getColumn(0).getString());
  const auto is_start = [&](const std::string& file) {
    return std::any_of(starts.begin(), starts.end(), [&](const std::string& start) {
      return file.starts_with(start + ".") || file.starts_with(start + "-");
    });
  };
  std::error_code none;
  std::vector<std::string> orphans;
  for (const auto& entry : fs::directory_iterator(folder.path(), none)) {
    const std::string file = entry.path().filename().string();
    if (runs.contains(run_of_file(file)) && !named.contains(file) && !is_start(file))
      orphans.push_back(entry.path().string());
  }
  return orphans;
}

void remove_orphans(SQLite::Database& database, const CheckpointFolder& folder,
                    const std::vector<std::string>& uuids) {
  if (folder.is_there()) remove_files(orphans_of(database, folder, uuids));
}

void remove_files(const std::vector<std::string>& files) {
  std::error_code ignored;  // a file that can't be removed now is an orphan, removed when the run is resumed
  for (const std::string& file : files) fs::remove(file, ignored);
}

}  // namespace grapevine
