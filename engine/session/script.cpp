#include "engine/session/script.h"

#include "engine/error.h"

namespace grapevine {
namespace {

std::string place_of(const LiveChange& change, std::int64_t step) {
  return to_text(change) + " after step " + std::to_string(step);
}

}  // namespace

void check_script(const std::vector<CommandRecord>& script, const Stepper& stepper,
                  std::int64_t total_steps) {
  for (const CommandRecord& record : script) {
    const std::optional<LiveChange> change = change_of(record);
    if (!change) throw InputError("'" + record.command + "' with '" + record.value + "' is not a command");
    const std::string what = place_of(*change, record.step);
    if (record.step >= total_steps)
      throw InputError(what + ": the run ends with step " + std::to_string(total_steps) +
                       ", and a command acts on the steps after its own; give a step of at most " +
                       std::to_string(total_steps - 1));
    if (record.step < stepper.step_count())
      throw InputError(what + ": the run continues from step " + std::to_string(stepper.step_count()) +
                       "; give that one or a later one");
    try {
      stepper.check(*change);
    } catch (const InputError& error) {
      throw InputError(what + ": " + error.what());
    }
  }
}

void check_replay(const std::vector<CommandRecord>& replay, const Stepper& stepper) {
  for (const CommandRecord& record : replay) {
    const std::optional<LiveChange> change = change_of(record);
    if (!change) continue;
    try {
      stepper.check(*change);
    } catch (const InputError& error) {
      throw InputError("the run can't be repeated: the database holds the command '" + to_text(*change) +
                       "' at step " + std::to_string(record.step) + ": " + error.what() +
                       "; grapevine-cli db check lists what else is wrong");
    }
  }
}

std::vector<std::pair<int, std::string>> not_reached(const CommandLog& log) {
  std::vector<std::pair<int, std::string>> all;
  for (const CommandRecord& record : log.left())
    if (const std::optional<LiveChange> change = change_of(record))
      all.emplace_back(change->racer,
                       "not carried out, as the run did not come to it: " + place_of(*change, record.step));
  return all;
}

}  // namespace grapevine
