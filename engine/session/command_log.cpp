#include "engine/session/command_log.h"

#include <charconv>

namespace grapevine {
namespace {

std::optional<int> racer_number(const std::string& text) {
  int racer = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), racer);
  if (error != std::errc() || end != text.data() + text.size() || racer < 0) return std::nullopt;
  return racer;
}

}  // namespace

CommandRecord record_of(const LiveChange& change, std::int64_t step) {
  const std::string racer = change.racer < 0 ? "" : std::to_string(change.racer);
  if (change.calibrates) return {step, "calibrate", racer};
  return {step, "set", (racer.empty() ? "" : racer + ":") + change.key + "=" + change.value};
}

std::optional<LiveChange> change_of(const CommandRecord& record) {
  LiveChange change;
  std::string racer, rest = record.value;
  if (record.command == "calibrate") {
    change.calibrates = true;
    racer = rest;
  } else if (record.command == "set") {
    const std::size_t colon = rest.find(':');
    const bool for_one = colon < rest.find('=');
    if (for_one) {
      racer = rest.substr(0, colon);
      rest = rest.substr(colon + 1);
      if (racer.empty()) return std::nullopt;
    }
    const std::size_t equals = rest.find('=');
    if (equals == std::string::npos || equals == 0) return std::nullopt;
    change.key = rest.substr(0, equals);
    change.value = rest.substr(equals + 1);
  } else {
    return std::nullopt;
  }
  if (racer.empty()) return change;
  const std::optional<int> number = racer_number(racer);
  if (!number) return std::nullopt;
  change.racer = *number;
  return change;
}

std::optional<LiveChange> CommandLog::due(std::int64_t step) {
  while (!records_.empty() && records_.front().step <= step) {
    if (std::optional<LiveChange> change = change_of(records_.front())) return change;
    records_.pop_front();  // of a program that knew more commands
  }
  return std::nullopt;
}

}  // namespace grapevine
