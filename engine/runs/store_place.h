// Where the rows of a run go: into its database, or into a side file while the database can't take them.
// Private to runs/; belongs to the writer's thread (after the constructor).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/database_watch.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/run_store.h"

namespace grapevine {

class StorePlace {
 public:
  /// Opens or makes the database, and takes in what lies next to it. Throws as RunStore does.
  explicit StorePlace(std::string database);

  /// The present one, opened again where it was closed. Throws SQLite::Exception, InputError, RunError.
  RunStore& store();
  /// After an error: what the connection remembers may be of a transaction that was undone.
  void close();
  /// At the end: moves what the log holds into the file, where it is in place. A reader's connection would
  /// keep it from being moved when this one closes. Throws nothing.
  void settle();
  /// The rows are there: `race` with the uuids of all racers.
  void begin(StoredRace race, std::vector<std::int64_t> ids);
  /// The present store's, made where it is missing. Throws as store() does.
  std::string checkpoint_folder();
  /// Only of the database; a side file is in place.
  DatabaseFate look();

  /// All of the log is in the file, and still that can't be read: somebody wrote over a part of it. SQLite
  /// does not notice that while it knows the pages that it needs.
  bool is_damaged();

  bool beside() const { return side_.has_value(); }
  const std::string& side() const { return *side_; }
  /// From now on into a new side file, which has the runs' rows and nothing else yet. Throws RunError when no
  /// folder takes one; then the place is as it was.
  void go_beside(const DatabaseFate& fate);
  /// Whether going back may ever work: a database that is gone stays so.
  bool may_return() const { return beside() && !gone_; }
  /// Takes the side file in and continues in the database; false when it does not take it now.
  bool try_to_return();

 private:
  void open_side(const std::string& folder, const std::string& stranger);

  const std::string path_;
  std::unique_ptr<RunStore> store_;
  std::unique_ptr<DatabaseWatch> watch_;
  StoredRace race_;
  std::vector<std::int64_t> ids_, side_ids_;
  std::optional<std::string> side_;
  std::optional<LockFile> side_lock_;
  bool gone_ = false;
};

}  // namespace grapevine
