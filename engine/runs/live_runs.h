// The numbers of runs in progress, as a display holds them: filled from a mailbox, drawn like stored
// ones. Belongs to one thread, which is also where what it returns is read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/runs/run_data.h"

namespace grapevine {

class LiveRuns {
 public:
  LiveRuns() = default;
  explicit LiveRuns(std::vector<RunData> racers);

  /// One per racer, in the racers' order; a holder keeps it in memory, and sees new values.
  const std::vector<RunView>& views() const { return views_; }
  bool empty() const { return views_.empty(); }
  const RunData& front() const { return *views_.front(); }
  std::vector<std::int64_t> ids() const;

  void absorb(const Observations& news);
  /// The stored row of a racer is there: what the store decided (number, name, colour, time).
  void identify(std::size_t racer, const RunData& stored);
  /// How it ended, for those that had not failed before.
  void end_as(const StatusWord& status);

 private:
  std::vector<std::shared_ptr<RunData>> racers_;
  std::vector<RunView> views_;  ///< the same, for readers
};

}  // namespace grapevine
