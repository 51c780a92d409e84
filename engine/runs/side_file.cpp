// Names, owners and the taking in of side files.
#include "engine/runs/side_file.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>

#include "engine/error.h"
#include "engine/files/home.h"
#include "engine/runs/checkpoint_folder.h"
#include "engine/runs/checkpoint_store.h"
#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/run_copy.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/store_notices.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;
using SQLite::Statement;

constexpr const char* start = "unsaved-";
constexpr const char* ending = ".db";

bool is_side_name(const std::string& name) {
  return name.starts_with(start) && name.ends_with(ending);
}

std::string meta(SQLite::Database& database, const char* key) {
  Statement query(database, "SELECT value FROM meta WHERE key = ?");
  query.bind(1, key);
  return query.executeStep() ? query.getColumn(0).getString() : "";
}

struct Owner {
  std::string path, id, stranger;
};

/// nothing, and `trouble`, where it is nobody's side file.
std::optional<Owner> owner_of(const std::string& side, std::string& trouble) {
  std::error_code none;
  const fs::file_status kind = fs::symlink_status(side, none);
  if (!fs::is_regular_file(kind)) {
    trouble = fs::is_symlink(kind)     ? "it is a link"
              : fs::is_directory(kind) ? "it is a folder"
                                       : "it is a pipe or a device";
    return std::nullopt;
  }
  try {
    GuardedDatabase database = open_for_reading(side);
    Owner owner{meta(database, "side_of_path"), meta(database, "side_of"), meta(database, "side_stranger")};
    if (!owner.path.empty() || !owner.id.empty()) return owner;
    trouble = "it names no database as its own";
  } catch (const SQLite::Exception& error) {
    trouble = explain(error);
  } catch (const Error& error) {
    trouble = error.what();
  }
  return std::nullopt;
}

/// "" where there is not a database to ask.
std::string id_of(const std::string& path) {
  std::error_code none;
  if (!fs::exists(path, none)) return "";
  try {
    GuardedDatabase database = open_for_reading(path);
    return database_id(database);
  } catch (const std::exception&) {
    return "";
  }
}

/// By the id that both bear; or, where the file is a new one at the same place, by the place. Out of the
/// folder that databases share (`shared`) a copy does not take what its original, which bears the same id,
/// waits for.
bool belongs(const Owner& owner, const std::string& path, const std::string& id, bool shared) {
  if (!id.empty() && id == owner.id)
    return owner.path == path || !shared || owner.path.empty() || id_of(owner.path) != id;
  return owner.path == path && (owner.stranger.empty() || owner.stranger != id);
}

/// Names that side files of `database` would have, those of a run in the order in which they were begun
/// (free_side_name); it may bear one itself, and is not its own.
std::vector<std::string> names_in(const std::string& folder, const std::string& database) {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (is_side_name(entry.path().filename().string()) && !fs::equivalent(entry.path(), database, none))
      found.push_back(entry.path().string());
  std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);  // "-2" behind none, "-10" behind "-9"
  });
  return found;
}

std::vector<std::string> files_of(const std::string& database, const std::string& path,
                                  const std::string* known_id) {
  std::vector<std::string> found;
  std::optional<std::string> id;
  if (known_id) id = *known_id;
  const std::vector<std::string> folders = side_folders(database);
  for (const std::string& folder : folders) {
    for (const std::string& file : names_in(folder, database)) {
      std::string trouble;
      const std::optional<Owner> owner = owner_of(file, trouble);
      if (!owner) continue;  // db check says what it is
      if (!id) id = id_of(path);
      if (belongs(*owner, path, *id, folder != folders.front())) found.push_back(file);
    }
  }
  return found;
}

/// The rows of the runs that `into` has by these uuids: id and when it was last written.
std::optional<std::pair<std::int64_t, std::string>> known_run(SQLite::Database& into,
                                                              const std::string& uuid) {
  Statement query(into, "SELECT id, coalesce(heartbeat, '') FROM runs WHERE uuid = ?");
  query.bind(1, uuid);
  if (!query.executeStep()) return std::nullopt;
  return std::pair{query.getColumn(0).getInt64(), query.getColumn(1).getString()};
}

/// Why a run of a side file can't be taken in; "" where it can.
std::string why_not(SQLite::Database& into, const std::string& database, const ForeignRun& run,
                    bool written_here) {
  if (const std::string flaw = flaw_of(run); !flaw.empty()) return flaw;
  const auto known = known_run(into, run.uuid);
  if (!known || written_here) return "";
  const std::string who = "run " + std::to_string(known->first);
  if (RunLock(database, run.uuid, run.group_uuid, run.group_kind).is_held()) return who + " is in progress";
  return known->second > run.heartbeat ? who + " was continued without it" : "";
}

void take_run(RunCopy& copy, SQLite::Database& into, const std::string& database, const ForeignRun& run,
              bool written_here) {
  if (const std::string why = why_not(into, database, run, written_here); !why.empty()) throw InputError(why);
  if (const auto known = known_run(into, run.uuid))
    copy.complete(run, known->first);
  else
    copy.take(run);
}

/// What could not be removed while the database could not be written. Who is about to continue a run has its
/// lock, and does the same.
void remove_orphans_of(SQLite::Database& database, const CheckpointFolder& folder, const std::string& path,
                       const std::vector<ForeignRun>& runs, bool written_here) {
  try {
    for (const ForeignRun& run : runs) {
      RunLock lock(path, run.uuid, run.group_uuid, run.group_kind);
      if (written_here || lock.take(std::chrono::milliseconds(0)))
        remove_orphans(database, folder, {run.uuid});
    }
  } catch (const Error&) {
    // They cost space, and db check names them.
  }
}

/// What keeps a side file of ours where it is; "" where the next opening takes it in.
std::string why_it_stays(const std::string& side, const std::string& database) {
  if (!database_exists(database)) return "";  // it was lost, and is made again
  try {
    GuardedDatabase from = open_for_reading(side), into = open_for_reading(database);
    for (const ForeignRun& run : foreign_runs(from))
      if (const std::string why = why_not(into, database, run, false); !why.empty()) return why;
  } catch (const SQLite::Exception& error) {
    return explain(error);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// Once in a program, however often it opens the database. That a run is in progress is nothing to be said:
/// it takes in its own.
void say_that_it_stays(const std::string& sentence) {
  static std::mutex mutex;
  static std::set<std::string> said;
  const std::lock_guard lock(mutex);
  if (sentence.ends_with(" is in progress") || !said.insert(sentence).second) return;
  give_store_notice(sentence + "; nothing of it is lost: grapevine-cli db check says what is in it");
}

}  // namespace

std::vector<std::string> side_folders(const std::string& database) {
  return {beside(database, "-checkpoints"), xdg_folder("XDG_CACHE_HOME", "/.cache") + "/unsaved"};
}

std::string free_side_name(const std::string& folder, const std::string& uuid) {
  std::error_code trouble;
  // Where the database's own folder went, none of its name is made again.
  if (fs::exists(fs::path(folder).parent_path(), trouble) || folder.ends_with("/unsaved"))
    fs::create_directories(folder, trouble);
  if (!fs::is_directory(folder, trouble)) throw RunError("there is no folder " + folder);
  std::string name = folder + "/" + start + uuid + ending;
  for (int again = 2; fs::exists(name, trouble); ++again)
    name = folder + "/" + start + uuid + "-" + std::to_string(again) + ending;
  return name;
}

std::string side_lock(const std::string& side) {
  return side + "-lock";
}

void note_owner(SQLite::Database& side, const std::string& database, const std::string& database_id,
                const std::string& stranger) {
  const std::pair<const char*, std::string> notes[] = {
      {"side_of_path", real_path(database)}, {"side_of", database_id}, {"side_stranger", stranger}};
  for (const auto& [key, value] : notes) {
    Statement insert(side, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
    insert.bind(1, key);
    insert.bind(2, value);
    insert.exec();
  }
}

std::vector<SideFinding> side_findings(const std::string& database) {
  const std::string path = real_path(database);
  std::optional<std::string> id;
  std::vector<SideFinding> findings;
  const std::vector<std::string> folders = side_folders(database);
  for (const std::string& folder : folders) {
    for (const std::string& file : names_in(folder, database)) {
      SideFinding finding{file};
      if (const std::optional<Owner> owner = owner_of(file, finding.trouble)) {
        if (!id) id = id_of(path);
        finding.is_ours = belongs(*owner, path, *id, folder != folders.front());
        finding.owner = owner->path;
        if (finding.is_ours) finding.stays = why_it_stays(file, database);
      }
      const bool is_anothers = finding.trouble.empty() && !finding.is_ours;
      if (!is_anothers || folder == folders.front()) findings.push_back(std::move(finding));
    }
  }
  return findings;
}

std::vector<std::string> side_files_of(const std::string& database) {
  return files_of(database, real_path(database), nullptr);
}

void take_in(GuardedDatabase& connection, const std::string& database, const std::string& side,
             bool written_here) {
  {
    GuardedDatabase from = open_for_reading(side);
    const CheckpointFolder theirs = CheckpointFolder::find(from, side);
    const CheckpointFolder ours = CheckpointFolder::own(connection, database);
    connection.exec("PRAGMA synchronous = FULL");  // the side file goes when it is all here
    SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
    RunCopy copy(connection, ours, from, theirs);
    const std::vector<ForeignRun> runs = foreign_runs(from);
    for (const ForeignRun& run : runs) take_run(copy, connection, database, run, written_here);
    if (!copy.left().empty()) throw InputError(copy.left().front());
    transaction.commit();
    copy.keep_files();
    connection.exec("PRAGMA synchronous = NORMAL");
    remove_orphans_of(connection, ours, database, runs, written_here);
  }
  remove_side_file(side);
}

std::vector<std::string> take_in_side_files(GuardedDatabase& connection, const std::string& database) {
  std::vector<std::string> stayed;
  try {
    const std::string id = database_id(connection);
    for (const std::string& side : files_of(database, real_path(database), &id)) {
      try {
        const auto lock = LockFile::take(side_lock(side), std::chrono::milliseconds(0));
        if (lock) take_in(connection, database, side, false);
      } catch (const SQLite::Exception& error) {
        stayed.push_back("the side file " + side + " could not be taken in: " + explain(error));
      } catch (const std::exception& error) {
        stayed.push_back("the side file " + side + " could not be taken in: " + error.what());
      }
    }
  } catch (const std::exception&) {
    // Whose they are can't be said: they stay.
  }
  for (const std::string& sentence : stayed) say_that_it_stays(sentence);
  return stayed;
}

void remove_side_file(const std::string& side) {
  std::error_code none;
  for (const char* part : {"", "-wal", "-shm"}) fs::remove(side + part, none);
  fs::remove_all(side + "-checkpoints", none);
  fs::remove_all(side + "-locks", none);
}

}  // namespace grapevine
