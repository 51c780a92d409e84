// race: several rules in lockstep, from the command line to a launch.
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/terminal_run.h"
#include "engine/error.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {
namespace {

struct RaceOptions {
  std::string experiment;
  std::vector<std::string> at;
  std::vector<std::string> rules;
};

int run(const Options& options, const RaceOptions& own) {
  LaunchRequest request;
  request.at = own.at;
  if (own.experiment.empty() && own.rules.empty()) {
    const std::string document = plan_to_json(first_experiment()).dump();
    request.plan = make_plan(document, "the first experiment", options.overrides(own.rules));
  } else {
    request.plan = load_plan(own.experiment, options.overrides(own.rules));
  }
  if (!request.plan.is_race) {
    throw InputError(own.experiment +
                     " names one run and no race: give --rules bp,dfa,grape, or a list `race` in the file, "
                     "or use grapevine-cli train");
  }
  return carry_out(options, std::move(request));
}

void describe(Usage& usage, RaceOptions& own) {
  add_experiment(usage, own.experiment);
  add_rules(usage, own.rules);
  add_timed_commands(usage, own.at);
}

}  // namespace

Command race_command() {
  return make_command<RaceOptions>({"race", "Train several rules in lockstep on the same weights and batches",
                                    "The racers are the rules of --rules, or the list race in the file: "
                                    "overrides, one set per racer, so that one rule "
                                    "can run with two settings.",
                                    Shows::settings},
                                   describe, run);
}

}  // namespace grapevine::cli
