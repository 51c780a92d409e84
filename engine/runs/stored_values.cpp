// Grammars of stored values.
#include "engine/runs/stored_values.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/json_text.h"
#include "engine/session/live_change.h"

namespace grapevine {
namespace {

constexpr std::size_t uuid_length = 36;
constexpr std::size_t longest_line = 10000;
constexpr std::string_view digits = "0123456789";

bool are_digits(std::string_view text) {
  return !text.empty() && text.size() < 20 && text.find_first_not_of(digits) == std::string_view::npos;
}

[[noreturn]] void refuse_command(std::int64_t run, const CommandRecord& command, const std::string& allowed) {
  throw InputError("run " + std::to_string(run) + " can't be replayed: at step " +
                   std::to_string(command.step) + " the database holds the command '" +
                   stored_line(command.command) + "' with '" + stored_line(command.value) +
                   "', where it has to be " + allowed + "; grapevine-cli db check lists what else is wrong");
}

}  // namespace

bool is_uuid(std::string_view text) {
  if (text.size() != uuid_length) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

std::string stored_line(std::string text) {
  if (text.size() <= longest_line) return text;
  std::size_t end = longest_line;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  while (end > 0 && continues(end)) --end;  // no half character
  text.resize(end);
  return text + "…";
}

bool is_checkpoint_name(std::string_view name, std::string_view uuid) {
  constexpr std::string_view middle = "-step-", end = ".checkpoint";
  if (!is_uuid(uuid) || !name.starts_with(uuid) || !name.ends_with(end)) return false;
  name.remove_prefix(uuid.size());
  name.remove_suffix(end.size());
  if (!name.starts_with(middle)) return false;
  name.remove_prefix(middle.size());
  const std::size_t again = name.find('-');
  return are_digits(name.substr(0, again)) &&
         (again == std::string_view::npos || are_digits(name.substr(again + 1)));
}

nlohmann::json parse_stored_json(std::string_view text) {
  if (is_too_deep(text)) return nlohmann::json(nlohmann::json::value_t::discarded);
  return nlohmann::json::parse(text, nullptr, false, true);
}

void check_stored_command(std::int64_t run, const CommandRecord& command, std::size_t racers) {
  const auto known = std::find_if(live_commands().begin(), live_commands().end(),
                                  [&](const LiveCommand& one) { return one.word == command.command; });
  if (known == live_commands().end()) {
    std::string words;
    for (const LiveCommand& one : live_commands()) words += (words.empty() ? "" : ", ") + one.word;
    refuse_command(run, command, "one of " + words + " (a newer Grapevine may have more)");
  }
  const std::optional<LiveChange> change = change_of(command);
  if (change && (change->racer < 0 || static_cast<std::size_t>(change->racer) < racers)) return;
  refuse_command(run, command,
                 known->takes.empty()
                     ? "empty or the number of a racer, from 0"
                     : known->takes + ", with the number of a racer and a colon before it at most");
}

double as_read(const MeasureDescriptor& measure, double value) {
  return measure.error.empty() ? value : measure.shown(value);
}

}  // namespace grapevine
