// Opening, leaving and coming back to the database.
#include "engine/runs/store_place.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include "engine/error.h"
#include "engine/runs/database.h"
#include "engine/runs/side_file.h"

namespace grapevine {
namespace {

// While somebody else writes for longer the writer has other things to do than to wait.
constexpr int busy_milliseconds = 1000, busy_on_return_milliseconds = 100;

}  // namespace

StorePlace::StorePlace(std::string database)
    : path_(std::move(database)), store_(std::make_unique<RunStore>(path_)) {
  take_in_side_files(store_->connection(), path_);
}

void StorePlace::close() {
  store_.reset();
  if (watch_) watch_->log_closed();
}

void StorePlace::settle() {
  if (store_ && !beside() && look().kind == DatabaseFate::Kind::in_place) store_->settle_log();
}

bool StorePlace::is_damaged() {
  return store_ && watch_ && !beside() && watch_->in_pieces() && store_->settle_log() &&
         !watch_->readable_alone();
}

RunStore& StorePlace::store() {
  if (store_) return *store_;
  const std::string& path = side_ ? *side_ : path_;
  std::error_code trouble;
  if (!std::filesystem::exists(path, trouble))
    throw RunError(trouble ? "can't reach the file " + path + ": " + trouble.message()
                           : "there is no file " + path + " any more");
  auto store = std::make_unique<RunStore>(path);
  store->connection().setBusyTimeout(busy_milliseconds);
  store->use(side_ ? side_ids_ : ids_);
  store_ = std::move(store);
  if (!side_ && watch_) watch_->log_opened();
  return *store_;
}

void StorePlace::begin(StoredRace race, std::vector<std::int64_t> ids) {
  race_ = std::move(race);
  race_.resumed_ids.clear();
  ids_ = std::move(ids);
  store_->use(ids_);
  store_->connection().setBusyTimeout(busy_milliseconds);
  store_->settle_log();  // the watch reads the file past the log
  watch_ = std::make_unique<DatabaseWatch>(path_);
  watch_->expect(store_->database_id(), race_.uuids.front());
}

std::string StorePlace::checkpoint_folder() {
  std::string folder = store().checkpoint_folder();
  if (!side_) watch_->expect(store_->database_id(), race_.uuids.front());  // a copy is given an id of its own
  return folder;
}

DatabaseFate StorePlace::look() {
  return watch_ && !beside() ? watch_->look() : DatabaseFate{};
}

void StorePlace::go_beside(const DatabaseFate& fate) {
  if (fate.gone() || fate.kind == DatabaseFate::Kind::log_lost) {
    gone_ = fate.gone();
    if (store_ && !beside()) watch_->abandon(store_->connection(), fate);
    if (gone_)
      watch_->remove_log(
          fate);  // before it closes: the last connection that closes would write it into the file
    close();
  }
  std::string why;
  for (const std::string& folder : side_folders(path_)) {
    try {
      open_side(folder, fate.stranger);
      return;
    } catch (const SQLite::Exception& error) {
      why += (why.empty() ? "" : "; ") + explain(error);
    } catch (const std::exception& error) {
      why += (why.empty() ? "" : "; ") + std::string(error.what());
    }
  }
  throw RunError(why);
}

void StorePlace::open_side(const std::string& folder, const std::string& stranger) {
  const std::string side = free_side_name(folder, race_.uuids.front());
  auto lock = LockFile::take(side_lock(side), std::chrono::milliseconds(0));
  if (!lock) throw RunError("another program writes " + side);
  try {
    auto store = std::make_unique<RunStore>(side);
    note_owner(store->connection(), path_, watch_->database_id(), stranger);
    std::vector<std::int64_t> ids = store->insert_runs(race_);
    store->use(ids);
    close();
    store_ = std::move(store);
    side_ids_ = std::move(ids);
  } catch (...) {
    remove_side_file(side);
    throw;
  }
  side_ = side;
  side_lock_ = std::move(lock);
}

bool StorePlace::try_to_return() {
  if (!may_return()) return false;
  if (watch_->look().kind != DatabaseFate::Kind::in_place) return false;
  try {
    auto database = std::make_unique<RunStore>(path_);
    database->connection().setBusyTimeout(busy_on_return_milliseconds);
    if (!watch_->look().words.empty()) return false;
    store_.reset();
    take_in(database->connection(), path_, *side_, true);
    database->connection().setBusyTimeout(busy_milliseconds);
    database->use(ids_);
    store_ = std::move(database);
    watch_->log_opened();
  } catch (const std::exception&) {
    return false;  // store() opens the side file again
  }
  side_.reset();
  side_lock_.reset();
  return true;
}

}  // namespace grapevine
