// train and race: from the command line to a launch.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/terminal_run.h"
#include "engine/error.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {

int train_command(const Options& options) {
  LaunchRequest request;
  request.plan = load_plan(options.experiment, options.overrides());
  if (request.plan.is_race) {
    const bool is_preset = !std::filesystem::exists(options.experiment);
    throw InputError(options.experiment + " is a race of " + std::to_string(request.plan.racers.size()) +
                     " rules; start it with: grapevine-cli race " + options.experiment +
                     (is_preset ? ", or one of them with: grapevine-cli train " + options.experiment + ":" +
                                      request.plan.racers.back().rule()
                                : ""));
  }
  return carry_out(options, std::move(request));
}

int race_command(const Options& options) {
  LaunchRequest request;
  if (options.experiment.empty() && options.rules.empty()) {
    const std::string document = plan_to_json(first_experiment()).dump();
    request.plan = make_plan(document, "the first experiment", options.overrides());
  } else {
    request.plan = load_plan(options.experiment, options.overrides());
  }
  if (!request.plan.is_race) {
    throw InputError(options.experiment +
                     " names one run and no race: give --rules bp,dfa,grape, or a list `race` in the file, "
                     "or use grapevine-cli train");
  }
  return carry_out(options, std::move(request));
}

}  // namespace grapevine::cli
