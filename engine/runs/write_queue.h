// What the writer has taken from its mailbox and not yet committed, and what each racer's row says. Private
// to runs/; used by the writer's thread only. Knows nothing of threads, files and SQL.
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
  explicit WriteQueue(std::size_t racers)
      : now_{{},
             {},
             -1,
             0,
             std::vector<std::string>(racers, "running"),
             std::vector<std::string>(racers),
             std::vector<bool>(racers, false)} {}

  /// Of a resumed run: what a racer's row says.
  void start_with(std::size_t racer, const std::string& status, const std::string& failure);
  /// Takes everything out of `news`, which is left in an unspecified state.
  void add(Observations& news);
  /// The session is over, as its owner knows.
  void close(const std::string& status, const std::string& failure);
  /// Is the session over, as far as it said itself?
  bool ended() const;
  const std::string& status(std::size_t racer) const { return now_.status[racer]; }

  /// The next batch: at most `most` samples. The rest goes with the last of them.
  std::span<const Sample> samples(std::size_t most) const;
  const RunNews* rest(std::size_t most) const { return samples_.size() <= most ? &now_ : nullptr; }
  /// The batch is committed.
  void drop(std::size_t most);

  bool empty() const { return !changed_ && samples_.empty(); }
  std::int64_t rows() const;
  /// The next checkpoint that waits: an older one that was not written yet is superseded by a later one,
  /// unless it holds the best of a racer that the later one does not.
  std::optional<CheckpointSet> take_checkpoint();
  bool has_checkpoint() const { return !checkpoints_.empty(); }
  void give_back(CheckpointSet set);

 private:
  void follow_event(const Event& event);
  void add_checkpoint(CheckpointSet set);

  std::vector<Sample> samples_;
  RunNews now_;
  bool changed_ = false;
  bool stopped_ = false;
  bool failure_told_ = false;
  std::int64_t step_ = 0;
  double epoch_ = 0;
  std::deque<CheckpointSet> checkpoints_;  ///< the oldest first
};

}  // namespace grapevine
