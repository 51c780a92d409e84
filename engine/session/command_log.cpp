#include "engine/session/command_log.h"

#include <algorithm>

namespace grapevine {

CommandLog::CommandLog(std::vector<CommandRecord> records) {
  std::stable_sort(records.begin(), records.end(), [](const CommandRecord& one, const CommandRecord& other) {
    return one.step < other.step;
  });
  records_.assign(records.begin(), records.end());
}

std::optional<LiveChange> CommandLog::due(std::int64_t step) {
  while (!records_.empty() && records_.front().step <= step) {
    if (std::optional<LiveChange> change = change_of(records_.front())) return change;
    records_.pop_front();  // of a program that knew more commands
  }
  return std::nullopt;
}

}  // namespace grapevine
