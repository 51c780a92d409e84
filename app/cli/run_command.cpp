// train and race: from the command line to a job.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/training_job.h"
#include "engine/error.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {

int train_command(const Options& options) {
  TrainingJob job;
  job.plan = load_plan(options.experiment, options.overrides());
  if (job.plan.is_race) {
    const bool is_preset = !std::filesystem::exists(options.experiment);
    throw InputError(options.experiment + " is a race of " + std::to_string(job.plan.racers.size()) +
                     " rules; start it with: grapevine-cli race " + options.experiment +
                     (is_preset ? ", or one of them with: grapevine-cli train " + options.experiment + ":" +
                                      job.plan.racers.back().rule()
                                : ""));
  }
  for (Experiment& racer : job.plan.racers) make_folders_absolute(racer);
  return carry_out(options, std::move(job));
}

int race_command(const Options& options) {
  TrainingJob job;
  if (options.experiment.empty() && options.rules.empty()) {
    const std::string document = plan_to_json(first_experiment()).dump();
    job.plan = make_plan(document, "the first experiment", options.overrides());
  } else {
    job.plan = load_plan(options.experiment, options.overrides());
  }
  if (!job.plan.is_race) {
    throw InputError(options.experiment +
                     " names one run and no race: give --rules bp,dfa,grape, or a list `race` in the file, "
                     "or use grapevine-cli train");
  }
  for (Experiment& racer : job.plan.racers) make_folders_absolute(racer);
  return carry_out(options, std::move(job));
}

}  // namespace grapevine::cli
