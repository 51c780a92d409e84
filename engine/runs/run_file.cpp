// Put together, and taken apart, in a folder that nobody else sees.
#include "engine/runs/run_file.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "engine/error.h"
#include "engine/files/abandoned.h"
#include "engine/files/careful_file.h"
#include "engine/files/memory.h"
#include "engine/files/whole_file.h"
#include "engine/files/work_folder.h"
#include "engine/runs/checkpoint_folder.h"
#include "engine/runs/database.h"
#include "engine/runs/new_database.h"
#include "engine/runs/stored_values.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;
using SQLite::Statement;

constexpr const char* database_name = "runs.db";
constexpr const char* states_table = R"sql(
CREATE TABLE enclosed_checkpoints (
  -- The files that `checkpoints` names, in pieces.
  file TEXT NOT NULL,
  part INTEGER NOT NULL,                       -- from 0
  bytes BLOB NOT NULL,
  PRIMARY KEY (file, part)
))sql";

/// A database that goes with everything that belongs to it.
class WorkDatabase {
 public:
  /// In the folder that `file` is in: what is renamed or linked stays on one disk.
  explicit WorkDatabase(const std::string& file) : folder_(start_in(fs::absolute(file).parent_path())) {
    if (folder_.error() != 0)
      throw InputError("can't work in the folder of " + file + ": " +
                       std::error_code(folder_.error(), std::generic_category()).message() +
                       "; name a file elsewhere");
  }
  std::string database() const { return (folder_.path() / database_name).string(); }
  fs::path checkpoints() const { return beside(database(), "-checkpoints"); }
  /// What is said of the database at work, said of the file that it becomes, or comes from.
  std::string called(const std::string& file, std::string words) const {
    for (std::size_t at; (at = words.find(database())) != std::string::npos;)
      words.replace(at, database().size(), file);
    return words;
  }

 private:
  /// What killed programs left there goes first: it is as large as what they worked on.
  static std::string start_in(const fs::path& folder) {
    const std::string start = (folder / beside_work).string();
    remove_abandoned_folders(start);
    return start;
  }

  const WorkFolder folder_;
};

void enclose(SQLite::Database& database, const fs::path& folder) {
  Statement insert(database, "INSERT INTO enclosed_checkpoints (file, part, bytes) VALUES (?, ?, ?)");
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().extension() != ".checkpoint") continue;
    int part = 0;
    read_in_pieces(entry.path().string(), [&](const char* bytes, std::size_t size) {
      interruption_point();
      insert.reset();
      insert.bind(1, entry.path().filename().string());
      insert.bind(2, part++);
      insert.bind(3, bytes, static_cast<int>(size));
      insert.exec();
    });
  }
}

/// What only a database with a folder next to it needs.
void finish(const WorkDatabase& work, bool with_checkpoints) {
  GuardedDatabase database(work.database(), SQLite::OPEN_READWRITE, 5000);
  database.lift_budget();  // it is our own
  database.exec(states_table);
  if (with_checkpoints)
    enclose(database, work.checkpoints());
  else
    database.exec("DELETE FROM checkpoints");
  database.execAndGet("PRAGMA journal_mode = DELETE");  // else the file asks its readers for files next to it
  database.exec("VACUUM");
}

[[noreturn]] void cannot_unpack(const std::string& file, const std::string& why) {
  throw RunError("can't unpack " + file + ": " + why + "; free some space");
}

/// Names that a checkpoint of the file's own runs can have: nothing that could be another path.
bool is_own_checkpoint(const std::string& name, const std::vector<std::string>& uuids) {
  return std::any_of(uuids.begin(), uuids.end(),
                     [&](const std::string& uuid) { return is_checkpoint_name(name, uuid); });
}

bool encloses_states(const std::string& file) {
  return open_for_reading(file).tableExists("enclosed_checkpoints");
}

/// Copies the file and puts its enclosed states where a database has them.
void unpack(const std::string& file, const WorkDatabase& work) {
  std::ofstream copy(work.database(), std::ios::binary);
  read_in_pieces(file, [&](const char* bytes, std::size_t size) {
    interruption_point();
    if (!copy.write(bytes, static_cast<std::streamsize>(size)))
      cannot_unpack(file, "the disk does not take it");
  });
  copy.close();
  if (!copy) cannot_unpack(file, "the disk does not take it");
  GuardedDatabase database = connect_for_writing(work.database());
  const fs::path folder = CheckpointFolder::own(database, work.database()).path();
  std::vector<std::string> uuids;
  {
    Statement run(database, "SELECT uuid FROM runs");
    while (run.executeStep()) uuids.push_back(run.getColumn(0).getString());
  }
  Statement row(database, "SELECT file, bytes FROM enclosed_checkpoints ORDER BY file, part");
  while (row.executeStep()) {
    interruption_point();
    database.renew_budget();
    const std::string name = row.getColumn(0).getString();
    if (!is_own_checkpoint(name, uuids)) continue;
    std::ofstream part(folder / name, std::ios::binary | std::ios::app);
    const SQLite::Column bytes = row.getColumn(1);
    part.write(static_cast<const char*>(bytes.getBlob()), bytes.getBytes());
    part.close();
    if (!part) cannot_unpack(file, "the disk does not take the states in it");
  }
}

}  // namespace

std::int64_t write_run_file(const std::string& database, const std::vector<std::string>& uuids,
                            const std::string& file, bool with_checkpoints) {
  refuse_to_replace_runs(file);
  remove_abandoned_files(file);
  CarefulFile target(file);  // first, for it says what can't be written
  const WorkDatabase work(target.temporary_name().empty() ? database : file);
  try {
    connect_for_writing(work.database());  // a full disk is reported of the file, not of the database at work
    const MergeResult copied = merge_database(work.database(), database, uuids);
    if (!copied.disk.empty()) throw RunError("can't write " + file + ": " + copied.disk);
    if (copied.taken.size() != uuids.size())
      throw InputError(copied.left.empty() ? "a run is gone from " + database : copied.left.front());
    finish(work, with_checkpoints);
    const std::int64_t size = read_in_pieces(work.database(), [&](const char* bytes, std::size_t count) {
      interruption_point();
      target.put(bytes, count);
    });
    target.place();
    return size;
  } catch (const SQLite::Exception& error) {
    refuse_change("can't write " + file, error);
  } catch (const CannotWrite& error) {
    throw CannotWrite(file, error.error());  // nobody knows the files at work
  } catch (const RunError& error) {
    throw RunError(work.called(file, error.what()));
  }
}

MergeResult import_run_file(const std::string& database, const std::string& file) {
  return within_memory("the run file ", file, [&] {
    try {
      if (!encloses_states(file)) return merge_database(database, file);
      NewDatabase made(database);
      std::error_code trouble;
      fs::create_directories(fs::absolute(database).parent_path(), trouble);
      const WorkDatabase work(database);  // says what is wrong with the folder
      try {
        unpack(file, work);
      } catch (const CannotWrite& error) {
        cannot_unpack(file, std::strerror(error.error()));
      }
      MergeResult result = merge_database(database, work.database(), {}, file);
      made.keep();
      return result;
    } catch (const SQLite::Exception& error) {
      if (disk_failed(error)) refuse_change("can't unpack " + file, error);
      throw InputError("can't read the run file " + file + ": " + explain(error) +
                       "; export it again, or get it again");
    }
  });
}

}  // namespace grapevine
