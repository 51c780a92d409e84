// What the writer has taken from its mailbox, and what each racer's row says. What is stored already is kept
// as far as there is room, so that a run can be written again where its database is lost. Private to runs/;
// used by the writer's thread only. Knows nothing of threads, files and SQL.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/runs/run_store.h"
#include "engine/session/observation.h"

namespace grapevine {

class WriteQueue {
 public:
  /// Samples in 256 MB.
  static constexpr std::size_t usual_room = (std::size_t{256} << 20) / sizeof(Sample);

  explicit WriteQueue(std::size_t racers, std::size_t room = usual_room)
      : now_{{},
             {},
             -1,
             0,
             std::vector<StatusWord>(racers, RunStatus::running),
             std::vector<std::string>(racers),
             std::vector<bool>(racers, false)},
        end_(racers, RunStatus::running),
        room_(room) {}

  std::size_t room() const { return room_; }
  /// Of a resumed run: what a racer's row says.
  void start_with(std::size_t racer, const StatusWord& status, const std::string& failure);
  /// Of a resumed run: what is stored of it.
  void remember(StoredPast past);
  /// Takes everything out of `news`, which is left in an unspecified state. An end is held back until
  /// close(): it is not reported before everything up to it is stored.
  void add(Observations& news);
  /// The session is over, as its owner knows; none = as it said itself, or else interrupted.
  void close(const StatusWord& status, const std::string& failure);
  /// The same where something of it can't be stored.
  void close_as_interrupted();
  const StatusWord& status(std::size_t racer) const { return now_.status[racer]; }

  /// The next batch: at most `most` samples. The rest goes with the last of them.
  std::span<const Sample> samples(std::size_t most) const;
  const RunNews* rest(std::size_t most) const { return waiting() <= most ? &now_ : nullptr; }
  /// The batch is committed.
  void drop(std::size_t most);
  /// Everything that is still known is to be written again.
  void rewind();

  bool empty() const { return !changed_ && waiting() == 0; }
  std::int64_t rows() const;
  /// Samples that were dropped for lack of room before they were stored.
  std::int64_t thinned_out() const { return thinned_out_; }
  /// So many commands were taken so far and are kept; and so many were taken back.
  std::int64_t commands() const {
    return static_cast<std::int64_t>(stored_commands_.size() + now_.commands.size()) - 2 * undone();
  }
  std::int64_t undone() const;
  /// The next checkpoint that waits: an older one that was not written yet is superseded by a later one,
  /// unless it holds the best of a racer that the later one does not.
  std::optional<CheckpointSet> take_checkpoint();
  bool has_checkpoint() const { return !checkpoints_.empty(); }
  void give_back(CheckpointSet set);

 private:
  std::size_t waiting() const { return samples_.size() - stored_; }
  void follow_event(const Event& event);
  bool is_held_back(const Event& event) const;
  void add_checkpoint(CheckpointSet set);
  void make_room();

  std::vector<Sample> samples_;
  std::size_t stored_ = 0;  ///< so many of the samples, from the first, are stored
  std::vector<Event> stored_events_, held_back_;
  std::vector<CommandRecord> stored_commands_;
  RunNews now_;
  std::vector<StatusWord> end_;  ///< what each racer's row is to say when all is stored
  std::size_t room_;
  std::int64_t thinned_out_ = 0;
  bool changed_ = false;
  bool stopped_ = false;
  bool failure_told_ = false;
  std::int64_t step_ = -1;
  double epoch_ = 0;
  std::deque<CheckpointSet> checkpoints_;  ///< the oldest first
};

}  // namespace grapevine
