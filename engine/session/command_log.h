// Live changes as text, as they are stored and come back: "calibrate" with a racer's number or nothing, "set"
// with KEY=VALUE, behind the number of a racer and a colon where it is for one alone. Pure; any thread may
// call.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/session/observation.h"

namespace grapevine {

/// A command as it is carried out.
struct LiveChange {
  bool calibrates = false;
  int racer = -1;          ///< from 0; -1 = all
  std::string key, value;  ///< of a setting
};

CommandRecord record_of(const LiveChange& change, std::int64_t step);
/// Nothing for a record that is no command.
std::optional<LiveChange> change_of(const CommandRecord& record);

/// The commands of an earlier life of the run, each of which comes back at the step at which it was given.
class CommandLog {
 public:
  CommandLog() = default;
  explicit CommandLog(const std::vector<CommandRecord>& records) : records_(records.begin(), records.end()) {}
  /// The next one that is due at `step`; it stays until it was carried_out().
  std::optional<LiveChange> due(std::int64_t step);
  void carried_out() { records_.pop_front(); }

 private:
  std::deque<CommandRecord> records_;
};

}  // namespace grapevine
