// resume: a stored run, with its whole race, becomes a job that goes on after its last checkpoint.
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/training_job.h"
#include "engine/error.h"
#include "engine/runs/run_reader.h"

namespace grapevine::cli {
namespace {

void refuse_changes(const Options& options) {
  if (options.sets.empty() && !options.seed) return;
  throw InputError(
      "resume goes on with the stored settings: --set and --seed don't apply; "
      "for other settings start a new run (grapevine-cli show ID prints its command)");
}

void refuse_unless_resumable(std::int64_t asked, const std::vector<RunSummary>& racers) {
  bool finished = false;  // a race's racers end together, apart from those that failed on the way
  for (const RunSummary& run : racers) {
    finished = finished || run.status == "finished";
    if (run.status == "running" || run.status == "paused") {
      throw InputError("run " + std::to_string(run.id) + " is " + run.status +
                       " in another program; stop it there first");
    }
  }
  if (finished) {
    throw InputError((racers.size() > 1 ? "the race of run " : "run ") + std::to_string(asked) +
                     " is finished: nothing is left to do");
  }
}

Experiment stored_experiment(const RunData& run, const Options& options) {
  const nlohmann::json document = nlohmann::json::parse(run.experiment, nullptr, false);
  if (document.is_discarded()) {
    throw InputError("the settings stored with run " + std::to_string(run.id) +
                     " are no JSON; it can't be resumed");
  }
  Experiment experiment = Experiment::from_json(document);
  if (options.device) experiment.set_text("device", *options.device);
  if (options.threads) experiment.set_text("threads", *options.threads);
  return experiment;
}

}  // namespace

TrainingJob job_to_resume(const Options& options, RunReader& reader, std::int64_t id) {
  TrainingJob job;
  job.resumed_ids = reader.race_of(id);
  std::vector<RunSummary> racers;
  for (const std::int64_t racer : job.resumed_ids) racers.push_back(reader.summary(racer));
  refuse_unless_resumable(id, racers);
  for (const std::int64_t racer : job.resumed_ids) {
    job.plan.racers.push_back(stored_experiment(reader.load(racer), options));
    job.uuids.push_back(reader.summary(racer).uuid);
  }
  job.plan.is_race = racers.front().group_kind == "race";
  job.group_uuid = racers.front().group_uuid;
  job.from = reader.checkpoint(job.resumed_ids);
  if (!job.from->racers.empty()) job.replay = reader.commands(id, job.from->racers.front().step);
  return job;
}

int resume_command(const Options& options) {
  refuse_changes(options);
  const std::string database = options.database_path();
  TrainingJob job;
  {
    RunReader probe(database);
    mark_interrupted(database);
    RunReader reader(database);
    job = job_to_resume(options, reader, reader.resolve(options.names.front()));
  }
  return carry_out(options, std::move(job));
}

}  // namespace grapevine::cli
