// Commands that were asked for before a run began (--at): what is wrong with them, and what became of them.
// Worker thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/session/command_log.h"
#include "engine/session/stepper.h"

namespace grapevine {

/// What can be known to be wrong before the first step. Throws InputError that names the command.
void check_script(const std::vector<CommandRecord>& script, const Stepper& stepper, std::int64_t total_steps);

/// The same of what a database gives to be repeated. Throws InputError that names the step and the command: a
/// run without it would not be the run that it claims to be.
void check_replay(const std::vector<CommandRecord>& replay, const Stepper& stepper);

/// Of a run that has ended: a racer (-1 = all) and a sentence for each command to which it did not come.
std::vector<std::pair<int, std::string>> not_reached(const CommandLog& log);

}  // namespace grapevine
