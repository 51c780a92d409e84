// Run by run; run_copy.h knows how.
#include "engine/runs/merge.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/files/memory.h"
#include "engine/runs/checkpoint_folder.h"
#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/new_database.h"
#include "engine/runs/run_copy.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

using SQLite::Statement;

std::set<std::string> uuids_of(SQLite::Database& database) {
  std::set<std::string> uuids;
  Statement row(database, "SELECT uuid FROM runs");
  while (row.executeStep()) uuids.insert(row.getColumn(0).getString());
  return uuids;
}

class Merge {
 public:
  Merge(const std::string& into, const std::string& from, const std::string& called)
      : from_path_(from),
        called_(called),
        from_(open_for_reading(from)),
        into_(open_for_writing(into)),
        theirs_(CheckpointFolder::find(from_, from)),
        ours_(CheckpointFolder::own(into_, into)) {}

  MergeResult carry_out(const std::vector<std::string>& only) {
    std::set<std::string> known = uuids_of(into_);
    for (const ForeignRun& run : foreign_runs(from_)) {
      if (!only.empty() && std::find(only.begin(), only.end(), run.uuid) == only.end()) continue;
      if (!result_.disk.empty()) break;
      interruption_point();
      from_.renew_budget();
      into_.renew_budget();
      if (known.contains(run.uuid)) {
        ++result_.known;
      } else if (const std::string why = why_not(run); !why.empty()) {
        leave("run " + std::to_string(run.id) + " of " + called_ + " was left out: " + why);
      } else {
        take(run);
        known.insert(run.uuid);
      }
    }
    return std::move(result_);
  }

 private:
  /// Where `from` was unpacked to means nothing to anybody.
  void leave(std::string why) {
    const std::string inside = theirs_.path() + "/";
    for (std::size_t at; called_ != from_path_ && (at = why.find(inside)) != std::string::npos;)
      why.erase(at, inside.size());
    result_.left.push_back(std::move(why));
  }

  std::string why_not(const ForeignRun& run) const {
    if (const std::string flaw = flaw_of(run); !flaw.empty()) return flaw;
    try {
      const RunLock lock(from_path_, run.uuid, run.group_uuid, run.group_kind);
      return lock.is_held() ? "it is in progress" : "";
    } catch (const InputError& error) {
      return error.what();
    }
  }

  /// Each run would wait as long again.
  void stop_at(const ForeignRun& run) {
    result_.disk = "another program keeps the database locked";
    leave("run " + std::to_string(run.id) + " of " + called_ + " and all after it were left out: " +
          result_.disk + "; the same again takes them when that program has ended");
  }

  void take(const ForeignRun& run) {
    try {
      SQLite::Transaction transaction(into_, SQLite::TransactionBehavior::IMMEDIATE);
      RunCopy copy(into_, ours_, from_, theirs_);
      const std::int64_t id = copy.take(run);
      transaction.commit();
      copy.keep_files();
      result_.taken.push_back(id);
      result_.checkpoints += copy.checkpoints();
      for (std::string& why : copy.left()) leave(std::move(why));
    } catch (const SQLite::Exception& error) {
      if (is_locked(error)) return stop_at(run);
      leave("run " + std::to_string(run.id) + " of " + called_ + " was left out: " + explain(error));
      if ((error.getErrorCode() & 0xFF) == SQLITE_FULL) result_.disk = explain(error);
    } catch (const CannotWrite& error) {
      leave("run " + std::to_string(run.id) + " of " + called_ + " was left out: " + error.what());
      result_.disk = std::strerror(error.error()) + std::string("; free some space");
    }
  }

  const std::string from_path_, called_;
  GuardedDatabase from_, into_;
  CheckpointFolder theirs_, ours_;
  MergeResult result_;
};

}  // namespace

MergeResult merge_database(const std::string& into, const std::string& from,
                           const std::vector<std::string>& only, const std::string& called) {
  const std::string& name = called.empty() ? from : called;
  return within_memory("the database ", name, [&] {
    std::error_code none;
    if (std::filesystem::equivalent(into, from, none))
      throw InputError("a database can't be merged into itself: " + from + "; name another");
    NewDatabase made(into);
    try {
      MergeResult result = Merge(into, from, name).carry_out(only);
      made.keep();
      return result;
    } catch (const SQLite::Exception& error) {
      if (disk_failed(error) || is_locked(error))
        refuse_change("can't take runs of " + name + " into " + into, error);
      refuse_reading(name, error);
    }
  });
}

}  // namespace grapevine
