// The commands that are still to come: from before the run was resumed, or asked for before it began. Worker
// thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "engine/session/live_change.h"

namespace grapevine {

/// Each comes back at the step at which it was given, those of one step in the order of the records.
class CommandLog {
 public:
  CommandLog() = default;
  explicit CommandLog(std::vector<CommandRecord> records);
  /// The next one that is due at `step`; it stays until it was carried_out().
  std::optional<LiveChange> due(std::int64_t step);
  void carried_out() { records_.pop_front(); }
  const std::deque<CommandRecord>& left() const { return records_; }

 private:
  std::deque<CommandRecord> records_;
};

}  // namespace grapevine
