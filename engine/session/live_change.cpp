#include "engine/session/live_change.h"

#include <algorithm>
#include <charconv>

#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

using Change = LiveChange::Kind;

std::optional<int> whole_number(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

const LiveCommand& described(Change kind) {
  return *std::find_if(live_commands().begin(), live_commands().end(),
                       [&](const LiveCommand& command) { return command.kind == kind; });
}

std::string form_of(const LiveCommand& command) {
  return command.word + (command.takes.empty() ? "" : ":" + command.takes);
}

[[noreturn]] void refuse_word(std::string_view word) {
  std::vector<std::string> words;
  std::string forms;
  for (const LiveCommand& command : live_commands()) {
    words.push_back(command.word);
    forms += (forms.empty() ? "" : ", ") + form_of(command);
  }
  const std::vector<std::string> near = nearest_words(word, words, 1);
  throw InputError("there is no command '" + std::string(word) + "'" +
                   (near.empty() ? "" : "; did you mean " + near.front() + "?") + " The commands are " +
                   forms);
}

/// What is behind the command's word, and before it nothing of a racer.
std::string value_of(const LiveChange& change) {
  switch (change.kind) {
    case Change::calibrate:
      return "";
    case Change::set:
      return change.key + "=" + change.value;
    case Change::lesion:
      return std::to_string(change.layer) + ":" + to_text(change.lesion);
    case Change::freeze:
    case Change::unfreeze:
      return std::to_string(change.layer);
  }
  return "";
}

int parse_layer(const LiveCommand& command, std::string_view text) {
  const std::optional<int> layer = whole_number(text);
  if (!layer || *layer < 1)
    throw InputError("'" + std::string(text) + "' is not a layer: expected its number from 1, as in " +
                     command.word + (command.kind == Change::lesion ? ":2:randomise" : ":2"));
  return *layer;
}

LiveChange parse_value(const LiveCommand& command, std::string_view text) {
  LiveChange change;
  change.kind = command.kind;
  if (command.kind == Change::calibrate) {
    if (!text.empty())
      throw InputError("calibrate takes nothing behind it: '" + std::string(text) + "' is left over");
  } else if (command.kind == Change::set) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0)
      throw InputError("set:" + std::string(text) + ": expected set:KEY=VALUE, as set:optimizer.lr=1e-3");
    change.key = text.substr(0, equals);
    change.value = text.substr(equals + 1);
  } else if (command.kind == Change::lesion) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos)
      throw InputError("lesion:" + std::string(text) + ": expected " + form_of(command) +
                       ", as lesion:2:randomise");
    change.layer = parse_layer(command, text.substr(0, colon));
    change.lesion = parse_lesion(text.substr(colon + 1));
  } else {
    change.layer = parse_layer(command, text);
  }
  return change;
}

/// Of a stored value: the racer's number, and the rest. Nothing where what should be a number is none.
std::optional<std::pair<int, std::string>> split_racer(const LiveCommand& command, const std::string& value) {
  const std::size_t colon = value.find(':');
  bool for_one = false;
  switch (command.kind) {
    case Change::calibrate:
      for_one = !value.empty();
      break;
    case Change::set:
      for_one = colon < value.find('=');
      break;
    case Change::lesion:
      for_one = std::count(value.begin(), value.end(), ':') > 1;
      break;
    case Change::freeze:
    case Change::unfreeze:
      for_one = colon != std::string::npos;
      break;
  }
  if (!for_one) return std::pair{-1, value};
  const std::optional<int> racer = whole_number(std::string_view(value).substr(0, colon));
  if (!racer) return std::nullopt;
  return std::pair{*racer, colon == std::string::npos ? "" : value.substr(colon + 1)};
}

}  // namespace

const std::vector<LiveCommand>& live_commands() {
  static const std::vector<LiveCommand> all = [] {
    std::string kinds;
    for (const LesionDescriptor& lesion : lesions())
      kinds += (kinds.empty() ? "" : "|") + lesion.word + (lesion.takes.empty() ? "" : "=" + lesion.takes);
    return std::vector<LiveCommand>{
        {Change::lesion, "lesion", "LAYER:" + kinds, "changes that layer's feedback (or its transport) once"},
        {Change::freeze, "freeze", "LAYER", "that layer's feedback takes no more updates"},
        {Change::unfreeze, "unfreeze", "LAYER", "it takes them again"},
        {Change::set, "set", "KEY=VALUE", "changes a setting that may change during a run"},
        {Change::calibrate, "calibrate", "", "uses the exact gradient of one batch"},
    };
  }();
  return all;
}

const LiveCommand* find_live_command(std::string_view word) {
  for (const LiveCommand& command : live_commands())
    if (command.word == word) return &command;
  return nullptr;
}

std::string to_text(const LiveChange& change) {
  const std::string value = value_of(change);
  return described(change.kind).word + (value.empty() ? "" : ":" + value);
}

std::string refusal(const LiveChange& change, const RuleDescriptor& rule) {
  const bool is_lesion = change.kind == Change::lesion;
  if (!is_lesion && change.kind != Change::freeze && change.kind != Change::unfreeze) return "";
  const std::string why =
      is_lesion ? rule.interventions.refusal(change.lesion.kind) : rule.interventions.freeze_refusal();
  return why.empty() ? "" : rule.name + ": " + why;
}

std::string words_of(const LiveChange& change) {
  const std::string feedback = "feedback of layer " + std::to_string(change.layer) + " ";
  switch (change.kind) {
    case Change::calibrate:
      return "calibrated by hand";
    case Change::set:
      return change.key + " set to " + change.value;
    case Change::lesion:
      return feedback + describe(change.lesion.kind).done +
             (change.lesion.kind == LesionKind::rotate ? " " + to_text(Value(change.lesion.degrees)) + "°"
                                                       : "");
    case Change::freeze:
      return feedback + "frozen";
    case Change::unfreeze:
      return feedback + "learns again";
  }
  return "";
}

LiveChange parse_change(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  const LiveCommand* command = find_live_command(word);
  if (!command) refuse_word(word);
  if (!command->takes.empty() && colon == std::string_view::npos)
    throw InputError(command->word + " needs more: " + form_of(*command));
  return parse_value(*command, colon == std::string_view::npos ? "" : text.substr(colon + 1));
}

CommandRecord record_of(const LiveChange& change, std::int64_t step) {
  const std::string racer = change.racer < 0 ? "" : std::to_string(change.racer);
  const std::string value = value_of(change);
  const bool both = !racer.empty() && !value.empty();
  return {step, described(change.kind).word, racer + (both ? ":" : "") + value};
}

std::optional<LiveChange> change_of(const CommandRecord& record) {
  const LiveCommand* command = find_live_command(record.command);
  if (!command) return std::nullopt;
  const auto split = split_racer(*command, record.value);
  if (!split) return std::nullopt;
  try {
    LiveChange change = parse_value(*command, split->second);
    change.racer = split->first;
    return change;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace grapevine
