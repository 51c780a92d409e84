// Commands with the step after which they are carried out, as a command line gives them (--at STEP:COMMAND,
// in a race STEP:RACER/COMMAND), and back. Pure; any thread may call.
#pragma once

#include <string>
#include <vector>

#include "engine/plans/plan.h"
#include "engine/session/live_change.h"

namespace grapevine {

/// RACER is a racer's label, its rule where no other has it, or its number from 1. Throws InputError that
/// names what was given, what is wrong with it and what there is; also for what no racer's rule can do.
std::vector<CommandRecord> read_timed(const std::vector<std::string>& given, const ExperimentPlan& plan);

/// "100:2/lesion:1:zero": what read_timed() makes the record of. `alone`: of one racer by itself (its number
/// from 0), whose commands alone are reported, without a racer; -1 = of all. "" for what is not to be
/// reported.
std::string timed_text(const CommandRecord& record, int alone);
/// The same of all of a run's commands, as a command line has them: " --at 100:2/lesion:1:zero …".
std::string at_options(const std::vector<CommandRecord>& records, int alone);

}  // namespace grapevine
