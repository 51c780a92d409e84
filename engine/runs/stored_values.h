// A database's content is checked where it is read: names that become paths, JSON, commands. Pure; any
// thread may call.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "engine/experiment/measure.h"
#include "engine/session/observation.h"

namespace grapevine {

/// Groups of 8, 4, 4, 4 and 12 hexadecimal digits: nothing that could be a path.
bool is_uuid(std::string_view text);
/// "<uuid>-step-400.checkpoint" or "<uuid>-step-400-2.checkpoint", of this run and no other.
bool is_checkpoint_name(std::string_view name, std::string_view uuid);

/// What people read as one line (a name, a cause). Of a text that no program of ours would write, so long
/// that drawing it takes seconds, the first 10,000 bytes and "…".
std::string stored_line(std::string text);

/// Stored JSON, comments allowed. What is none, or nested deeper than files may be, comes back discarded
/// (is_discarded()).
nlohmann::json parse_stored_json(std::string_view text);
/// A value as it is read: that of an estimate, which has a standard error, within what it estimates. What
/// was computed exactly stays to the last digit.
double as_read(const MeasureDescriptor& measure, double value);
/// A command as replay carries it out: throws InputError for one that is none, or of a racer that the race of
/// so many racers hasn't.
void check_stored_command(std::int64_t run, const CommandRecord& command, std::size_t racers);

}  // namespace grapevine
