// What the writer's thread does with what it has: commits it in batches, writes checkpoints at the same time,
// tries again when the disk refuses, goes to a side file and comes back. Private to runs/; used by the
// writer's thread only (after take_over()). Whatever the disk reports, nothing is thrown and nothing is lost.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/checkpoint_task.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/store_place.h"
#include "engine/runs/write_queue.h"

namespace grapevine {

/// Something that the disk refused, tried again after longer and longer pauses. No words = all is well.
struct Retry {
  using Clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::milliseconds;
  std::string words;
  milliseconds pause{0};
  Clock::time_point at{}, since{};

  bool failing() const { return !words.empty(); }
  bool due() const { return !failing() || Clock::now() >= at; }
  void fail(std::string why) {
    pause = std::clamp(pause * 2, milliseconds(250), milliseconds(2000));
    at = Clock::now() + pause;
    if (!failing()) since = Clock::now();
    words = std::move(why);
  }
  bool lasts(milliseconds time) const { return failing() && Clock::now() - since >= time; }
  void clear() { *this = {}; }
};

class Storing {
 public:
  using Clock = std::chrono::steady_clock;

  /// `ring`: called on another thread when a checkpoint's file is written or failed to be.
  Storing(const std::string& path, std::size_t racers, std::function<void()> ring);

  /// Takes the run's lock and makes its rows, or those of a resumed one again. Throws InputError, RunError,
  /// SQLite::Exception.
  void take_over(StoredRace race);
  const std::vector<std::int64_t>& ids() const { return ids_; }

  void add(Observations& news) {
    // A state that held what was taken back since is not used.
    for (const CommandRecord& command : news.commands)
      if (command.undone)
        std::erase_if(known_sets_, [&](const KnownSet& known) { return known.set.step == command.step; });
    queue_.add(news);
  }
  std::int64_t rows_waiting() const { return queue_.rows(); }
  /// One attempt to store all that waits.
  void attempt();
  /// When the next one is due though nothing new came.
  Clock::time_point next_attempt() const;
  bool failing() const { return rows_.failing(); }
  bool first_samples_stored() const { return first_samples_stored_; }
  Clock::time_point last_commit() const { return last_commit_; }

  /// The session is over: all that waits, then what the rows are to say, within `patience`.
  void finish(const StatusWord& status, const std::string& failure, std::chrono::milliseconds patience);
  /// Afterwards: nothing of the run is missing, be it in the database or in a side file.
  bool whole() const { return whole_; }
  /// One sentence that names the file; "" while everything works.
  std::string trouble() const;

 private:
  void commit_all();
  void serve_checkpoints();
  void finish_checkpoint();
  bool look_at_database();
  bool go_beside(const std::string& why, const DatabaseFate& fate);
  void carry_checkpoint_over();
  void bring_known_sets();
  void note_set(const WrittenSet& set);
  void come_back();
  bool store_what_waits();
  void close_rows(const StatusWord& status, const std::string& failure);
  void keep_what_was_asked();
  std::string what_is_lost() const;
  bool everything_stored() const { return queue_.empty() && !queue_.has_checkpoint() && !checkpoint_.busy(); }

  const std::string path_;
  std::vector<std::int64_t> ids_;
  std::vector<std::string> uuids_;
  std::vector<bool> best_alone_;  ///< a racer each: checkpoint.keep=best
  std::optional<RunLock> lock_;
  StorePlace place_;
  WriteQueue queue_;
  CheckpointTask checkpoint_;
  bool first_samples_stored_ = false, ending_ = false, over_ = false, whole_ = false;
  std::chrono::milliseconds patience_{0};
  Clock::time_point deadline_;       ///< at the end: then what still waits is given up
  bool unsure_ = false;              ///< whether the database is still in its place
  bool unsaved_checkpoint_ = false;  ///< at the end
  bool more_time_ = true;            ///< at the end, to be had once: a side file is another chance
  bool left_for_files_ = false;      ///< at the end: no second side file for the same checkpoint
  bool durable_ = false;             ///< what is written now says that all is there
  Clock::time_point last_commit_ = Clock::now(), last_look_ = Clock::now();
  Retry rows_, files_;                 ///< rows continue being committed while checkpoint files fail
  Retry back_;                         ///< to the database, from a side file
  std::int64_t covered_ = 0;           ///< the last row of commands in the set that is being written
  std::int64_t covered_commands_ = 0;  ///< and how many they are
  std::int64_t undone_ = 0;            ///< commands taken back until then
  std::string why_beside_;             ///< what is wrong with the database
  std::vector<KnownSet> known_sets_;   ///< the latest, and the latest with a racer's best
};

}  // namespace grapevine
