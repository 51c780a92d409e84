#include "engine/launch/resume.h"

#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/settings.h"
#include "engine/runs/run_marks.h"
#include "engine/runs/run_words.h"
#include "engine/runs/stored_beginning.h"
#include "engine/runs/stored_experiment.h"

namespace grapevine {
namespace {

/// Imported curves are finished, and nothing can be done with that.
void refuse_curves(RunReader& reader, std::int64_t id) {
  if (!reader.summary(id).origin.empty()) stored_experiment(reader.load(id));
}

void refuse_unless_resumable(std::int64_t asked, const std::vector<RunSummary>& racers) {
  bool finished = false, unfinished = false;  // one may have ended early, by its patience, or failed
  for (const RunSummary& run : racers) {
    finished = finished || run.status == RunStatus::finished;
    unfinished = unfinished || run.status == RunStatus::stopped || run.status == RunStatus::interrupted;
    if (is_going_on(run.status)) {
      throw InputError("run " + std::to_string(run.id) + " is " + run.status.text() +
                       " in another program; stop it there first");
    }
  }
  if (finished && !unfinished) {
    throw InputError((racers.size() > 1 ? "the race of run " : "run ") + std::to_string(asked) +
                     " is finished: nothing is left to do. To train it further, as a new run: grapevine-cli "
                     "resume " +
                     std::to_string(asked) +
                     " --set train.epochs=N; from here under another rule: grapevine-cli resume " +
                     std::to_string(asked) + " --fork --set rule.name=dfa");
  }
}

void refuse_unless_finished(RunReader& reader, std::int64_t asked, const std::vector<std::int64_t>& ids) {
  const std::string number = std::to_string(asked);
  for (const std::int64_t id : ids) {
    const StatusWord status = reader.summary(id).status;
    if (status == RunStatus::finished) continue;
    throw InputError(
        "run " + std::to_string(id) + " is " + status.text() +
        ", and only a finished run is trained further with --set train.epochs. grapevine-cli resume " +
        number +
        " continues it to its end; with other settings it continues as a new run by grapevine-cli resume " +
        number + " --fork --set KEY=VALUE");
  }
  if (ids.empty())
    throw InputError(
        "run " + number +
        " failed, and only a finished run is trained further: start it again with other settings "
        "(grapevine-cli show " +
        number + " prints its command)");
}

/// How long a new run takes; everything else is its parent's.
void set_duration(const std::vector<std::string>& sets, ExperimentPlan& plan) {
  const std::string epochs = key_of(&TrainSettings::epochs), most_steps = key_of(&TrainSettings::max_steps);
  for (const std::string& set : sets) {
    const std::string key = set.substr(0, set.find('='));
    if (key != epochs && key != most_steps)
      throw InputError("--set " + key + ": a run is trained further with its own settings, but for " +
                       epochs + " and " + most_steps +
                       "; with others it continues as a fork (add --fork), or start a new run "
                       "(grapevine-cli show ID prints its command)");
    if (key.size() == set.size())
      throw InputError("--set " + set + ": expected KEY=VALUE, as " + set + "=10");
    for (Experiment& racer : plan.racers) racer.set_text(key, set.substr(key.size() + 1));
  }
}

void begin_again(RunData& run) {
  run.series.clear();
  run.events.clear();
  run.step = run.origin ? run.origin->step : 0;
  run.epoch = run.seconds = 0;
  run.status = RunStatus::running;
  run.failure.clear();
}

/// Of a racer that had failed or ended before the checkpoint nothing more will come; the others run again.
void mark_as_going_on(RunData& run, const Checkpoint& from) {
  if (run.status == RunStatus::finished && run.step <= from.step) return;
  forget_after(run, from.step);
  const auto failed = from.numbers.find(failed_number);
  if (failed != from.numbers.end() && failed->second > 0) {
    run.status = RunStatus::failed;
    return;
  }
  run.status = RunStatus::running;
  run.failure.clear();
}

}  // namespace

void set_machine(Experiment& experiment, const std::optional<std::string>& device,
                 const std::optional<std::string>& threads) {
  if (device) experiment.set_text(key_of(&RunSettings::device), *device);
  if (threads) experiment.set_text(key_of(&RunSettings::threads), *threads);
}

void take_live_changes(Experiment& experiment, const Checkpoint& checkpoint) {
  const auto found = checkpoint.arrays.find("experiment");
  if (found == checkpoint.arrays.end()) return;
  const Experiment then = Experiment::from_json(
      parse_document({reinterpret_cast<const char*>(found->second.bytes.data()), found->second.bytes.size()},
                     "the settings in the checkpoint"));
  for (const auto& [key, value] : then.entries()) {
    const Setting* setting = find_setting(key, experiment.rule());
    if (setting && setting->live) experiment.set(key, value);
  }
}

std::string words_of(const RunOrigin& origin) {
  return "step " + std::to_string(origin.step) + " of run " + origin.uuid.substr(0, 8);
}

void forget_starting_weights(ExperimentPlan& plan) {
  for (Experiment& racer : plan.racers) racer.set(key_of(&ModelSettings::weights), std::string());
}

Continuation read_continuation(const std::string& database, std::int64_t id,
                               const std::optional<std::string>& device,
                               const std::optional<std::string>& threads) {
  { const RunReader readable(database); }  // a newer or damaged file is refused before anything is written
  mark_interrupted(database);
  RunReader reader(database);
  refuse_curves(reader, id);
  Continuation all;
  all.race.resumed_ids = reader.race_of(id);
  all.race.marks = run_marks(database, all.race.resumed_ids);  // before all that is read of them
  std::vector<RunSummary> racers;
  for (const std::int64_t racer : all.race.resumed_ids) racers.push_back(reader.summary(racer));
  refuse_unless_resumable(id, racers);
  for (const RunSummary& racer : racers) {
    all.past.push_back(reader.load(racer.id));
    all.plan.racers.push_back(stored_experiment(all.past.back()));
    all.beginnings.push_back(stored_beginning(all.past.back()));
    set_machine(all.plan.racers.back(), device, threads);
    all.race.uuids.push_back(racer.uuid);
  }
  all.trained = racers.front().id;
  all.data_digest = all.past.front().data_digest;
  all.plan.is_race = racers.front().group_kind == run_group::race;
  all.race.group_uuid = racers.front().group_uuid;
  all.race.group_kind = racers.front().group_kind;
  CheckpointSet checkpoint = reader.checkpoint(all.race.resumed_ids);
  all.race.from_start = checkpoint.racers.empty();
  if (all.race.from_start) {
    checkpoint = reader.first_state(all.race.resumed_ids);
    for (std::size_t i = 0; i < checkpoint.racers.size(); ++i)
      if (racers[i].origin == run_origin::fork) begin_fork(checkpoint.racers[i], all.plan.racers[i]);
  }
  all.race.resumed_step = checkpoint.racers.empty() ? 0 : checkpoint.racers.front().step;
  if (all.race.from_start && all.past.front().origin) all.begins_from = words_of(*all.past.front().origin);
  all.replay =
      reader.commands(all.race.resumed_ids.front(), all.race.from_start ? -1 : all.race.resumed_step);
  for (std::size_t i = 0; i < all.past.size(); ++i) {
    if (all.race.from_start)
      begin_again(all.past[i]);
    else
      mark_as_going_on(all.past[i], checkpoint.racers[i]);
  }
  if (!checkpoint.racers.empty()) {
    all.checkpoint = std::move(checkpoint);
    forget_starting_weights(all.plan);
  }
  return all;
}

Continuation read_further_training(const std::string& database, std::int64_t id,
                                   const std::vector<std::string>& sets,
                                   const std::optional<std::string>& device,
                                   const std::optional<std::string>& threads) {
  { const RunReader readable(database); }
  mark_interrupted(database);
  RunReader reader(database);
  refuse_curves(reader, id);
  std::vector<std::int64_t> ids = reader.race_of(id);
  std::erase_if(ids, [&](std::int64_t racer) { return reader.summary(racer).status == RunStatus::failed; });
  refuse_unless_finished(reader, id, ids);
  RunReader::Beginning begin = reader.beginning_from(ids);
  Continuation all;
  all.race.resumed_step = begin.set.racers.front().step;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Experiment racer = stored_experiment(reader.load(ids[i]));
    take_live_changes(racer, begin.set.racers[i]);
    racer.set(key_of(&TrainSettings::max_steps), std::int64_t{0});
    set_machine(racer, device, threads);
    all.plan.racers.push_back(std::move(racer));
  }
  set_duration(sets, all.plan);
  forget_starting_weights(all.plan);
  all.plan.is_race = ids.size() > 1;
  all.trained = ids.front();
  all.data_digest = reader.load(ids.front()).data_digest;
  all.race.origins = std::move(begin.origins);
  all.begins_from = words_of(all.race.origins.front());
  all.checkpoint = std::move(begin.set);
  return all;
}

void check_data(const Continuation& continued, const RaceInfo& now) {
  const std::string& before = continued.data_digest;
  if (before.empty() || now.data_digest.empty() || before == now.data_digest) return;
  const auto beginning = [](const std::string& digest) { return digest.substr(0, 12); };
  const std::string dir = DataSettings::of(continued.plan.racers.front()).dir;
  throw InputError("run " + std::to_string(continued.trained) +
                   " was trained on other data: theirs have the digest " + beginning(before) +
                   "…, those in " + (dir.empty() ? "the default locations (data.dir is not set)" : dir) +
                   " have " + beginning(now.data_digest) +
                   "…; put the files back that it began with, or train a new run on these");
}

std::string unknown_data(const Continuation& continued) {
  if (!continued.data_digest.empty()) return {};
  return "data: whether they are those that run " + std::to_string(continued.trained) +
         " began with is not known: it was stored without a digest of them";
}

}  // namespace grapevine
