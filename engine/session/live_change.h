// What may be changed while a run is in progress, as a value and as text. Each command is described once:
// what is stored of it, what the terminal takes (--at STEP:COMMAND) and what help and messages say of it is
// made from here. Pure; any thread may call.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/lesion.h"
#include "engine/experiment/registry.h"
#include "engine/session/observation.h"

namespace grapevine {

/// A command as it is carried out.
struct LiveChange {
  enum class Kind { calibrate, set, lesion, freeze, unfreeze };
  Kind kind = Kind::set;
  int racer = -1;          ///< from 0; -1 = all whose rule has it
  std::string key, value;  ///< of set
  int layer = 0;           ///< of lesion, freeze, unfreeze: a feedback point or a segment, from 1
  Lesion lesion;

  static LiveChange calibration(int racer = -1) { return {Kind::calibrate, racer, "", "", 0, {}}; }
  static LiveChange setting(std::string key, std::string value, int racer = -1) {
    return {Kind::set, racer, std::move(key), std::move(value), 0, {}};
  }
  static LiveChange lesion_of(int layer, Lesion lesion, int racer = -1) {
    return {Kind::lesion, racer, "", "", layer, lesion};
  }
  static LiveChange freezing(int layer, bool frozen, int racer = -1) {
    return {frozen ? Kind::freeze : Kind::unfreeze, racer, "", "", layer, {}};
  }
  bool operator==(const LiveChange&) const = default;
};

struct LiveCommand {
  LiveChange::Kind kind;
  std::string word;   ///< "lesion"
  std::string takes;  ///< "LAYER:LESION"; "" = nothing
  std::string help;   ///< one line
};
const std::vector<LiveCommand>& live_commands();
/// nullptr for a word that is none.
const LiveCommand* find_live_command(std::string_view word);

/// "lesion:2:rotate=45", the racer left out; and back. Throws InputError that says what is wrong and what
/// there is, with the nearest word.
std::string to_text(const LiveChange& change);
LiveChange parse_change(std::string_view text);

/// Why a rule can't do it at all, a clause that begins with the rule's name; "" where it may. Of lesions and
/// freezing.
std::string refusal(const LiveChange& change, const RuleDescriptor& rule);

/// What happened, in words: "feedback of layer 2 rotated by 45°".
std::string words_of(const LiveChange& change);

/// As a row of the database: the word, and what follows it, a racer's number and a colon before it
/// where it is for one alone. Nothing for a record that is not a command.
CommandRecord record_of(const LiveChange& change, std::int64_t step);
std::optional<LiveChange> change_of(const CommandRecord& record);

}  // namespace grapevine
