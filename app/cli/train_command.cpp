// train: one run, from the command line to a launch.
#include <filesystem>

#include "app/cli/command.h"
#include "app/cli/terminal_run.h"
#include "engine/error.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {
namespace {

struct TrainOptions {
  std::string experiment;
  std::vector<std::string> at;
};

int run(const Options& options, const TrainOptions& own) {
  LaunchRequest request;
  request.at = own.at;
  request.plan = load_plan(own.experiment, options.overrides());
  if (request.plan.is_race) {
    const bool is_preset = !std::filesystem::exists(own.experiment);
    throw InputError(own.experiment + " is a race of " + std::to_string(request.plan.racers.size()) +
                     " rules; start it with: grapevine-cli race " + own.experiment +
                     (is_preset ? ", or one of them with: grapevine-cli train " + own.experiment + ":" +
                                      request.plan.racers.back().rule()
                                : ""));
  }
  return carry_out(options, std::move(request));
}

void describe(Usage& usage, TrainOptions& own) {
  add_experiment(usage, own.experiment);
  add_timed_commands(usage, own.at);
}

}  // namespace

Command train_command() {
  return make_command<TrainOptions>(
      {"train", "Train one network with one learning rule", "", Shows::settings}, describe, run);
}

}  // namespace grapevine::cli
