// What is there at first, and what may go again.
#include "engine/runs/new_database.h"

#include <filesystem>

#include "engine/runs/checkpoint_folder.h"
#include "engine/runs/database.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

/// Another program that began at the same time. A full disk is not an answer, and lets nobody write either.
bool somebody_writes(const std::string& path) {
  try {
    GuardedDatabase database(path, SQLite::OPEN_READWRITE);
    const SQLite::Transaction attempt(database, SQLite::TransactionBehavior::IMMEDIATE);
    return false;
  } catch (const SQLite::Exception& error) {
    return is_locked(error);
  }
}

/// Whatever the disk is like: where the log holds nothing the file is read past it, for which nothing is
/// made. `folder` becomes that of its checkpoints, which bears another name next to a stranger's.
bool holds_nothing(const std::string& path, std::string& folder) {
  try {
    if (somebody_writes(path)) return false;
    std::error_code missing;
    const auto log = fs::file_size(path + "-wal", missing);
    GuardedDatabase database = missing || log == 0 ? GuardedDatabase::immutable(path) : open_as_it_is(path);
    for (const char* table : {"runs", "queue"})
      if (database.tableExists(table) &&
          database.execAndGet(std::string("SELECT EXISTS (SELECT 1 FROM ") + table + ")").getInt() != 0)
        return false;
    if (database.tableExists("meta"))
      if (const auto own = CheckpointFolder::find(database, path); own.is_there()) folder = own.path();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

NewDatabase::NewDatabase(const std::string& path) : path_(path) {
  std::error_code none;
  if (fs::exists(fs::symlink_status(path, none))) return;
  made_.push_back(path);
  for (const char* ending : {"-wal", "-shm", "-locks", "-checkpoints"})
    if (const std::string next = beside(path, ending); !fs::exists(next, none)) made_.push_back(next);
  for (fs::path folder = fs::absolute(path).parent_path(); !fs::exists(folder, none);
       folder = folder.parent_path())
    folders_.push_back(folder.string());
}

NewDatabase::~NewDatabase() {
  if (made_.empty()) return;
  std::error_code none;
  if (fs::exists(path_, none)) {
    std::string checkpoints;
    if (!holds_nothing(path_, checkpoints)) return;
    if (!checkpoints.empty()) fs::remove_all(checkpoints, none);
    for (const std::string& made : made_) fs::remove_all(made, none);
  }
  for (const std::string& folder : folders_)
    if (!fs::remove(folder, none) && fs::exists(folder, none)) break;  // somebody else uses it by now
}

}  // namespace grapevine
