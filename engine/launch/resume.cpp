#include "engine/launch/resume.h"

#include "engine/error.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/runs/stored_beginning.h"
#include "engine/runs/stored_experiment.h"

namespace grapevine {
namespace {

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

void begin_again(RunData& run) {
  run.series.clear();
  run.events.clear();
  run.step = 0;
  run.epoch = run.seconds = 0;
  run.status = to_text(SessionState::running);
  run.failure.clear();
}

/// Of a racer that had failed before the checkpoint nothing more will come; the others run again.
void mark_as_going_on(RunData& run, const Checkpoint& from) {
  forget_after(run, from.step);
  const auto failed = from.numbers.find(fallen_number);
  if (failed != from.numbers.end() && failed->second > 0) {
    run.status = "failed";
    return;
  }
  run.status = to_text(SessionState::running);
  run.failure.clear();
}

}  // namespace

Continuation read_continuation(const std::string& database, std::int64_t id,
                               const std::optional<std::string>& device,
                               const std::optional<std::string>& threads) {
  { const RunReader readable(database); }  // a newer or damaged file is refused before anything is written
  mark_interrupted(database);
  RunReader reader(database);
  Continuation all;
  all.race.resumed_ids = reader.race_of(id);
  std::vector<RunSummary> racers;
  for (const std::int64_t racer : all.race.resumed_ids) racers.push_back(reader.summary(racer));
  refuse_unless_resumable(id, racers);
  for (const RunSummary& racer : racers) {
    all.past.push_back(reader.load(racer.id));
    all.plan.racers.push_back(stored_experiment(all.past.back()));
    all.beginnings.push_back(stored_beginning(all.past.back()));
    if (device) all.plan.racers.back().set_text("device", *device);
    if (threads) all.plan.racers.back().set_text("threads", *threads);
    all.race.uuids.push_back(racer.uuid);
  }
  all.plan.is_race = racers.front().group_kind == "race";
  all.race.group_uuid = racers.front().group_uuid;
  all.race.group_kind = racers.front().group_kind;
  CheckpointSet checkpoint = reader.checkpoint(all.race.resumed_ids);
  all.race.from_start = checkpoint.racers.empty();
  all.race.resumed_step = all.race.from_start ? 0 : checkpoint.racers.front().step;
  all.replay =
      reader.commands(all.race.resumed_ids.front(), all.race.from_start ? -1 : all.race.resumed_step);
  for (std::size_t i = 0; i < all.past.size(); ++i) {
    if (all.race.from_start)
      begin_again(all.past[i]);
    else
      mark_as_going_on(all.past[i], checkpoint.racers[i]);
  }
  if (!all.race.from_start) all.checkpoint = std::move(checkpoint);
  return all;
}

void check_data(const Continuation& continued, const RaceInfo& now) {
  const RunData& run = continued.past.front();
  if (run.data_digest.empty() || now.data_digest.empty() || run.data_digest == now.data_digest) return;
  const auto beginning = [](const std::string& digest) { return digest.substr(0, 12); };
  const std::string dir = DataSettings::of(continued.plan.racers.front()).dir;
  throw InputError("run " + std::to_string(run.id) + " was trained on other data: theirs have the digest " +
                   beginning(run.data_digest) + "…, those in " +
                   (dir.empty() ? "the usual places (data.dir is not set)" : dir) + " have " +
                   beginning(now.data_digest) +
                   "…; put the files back that it began with, or train a new run on these");
}

std::string unknown_data(const Continuation& continued) {
  if (!continued.past.front().data_digest.empty()) return {};
  return "data: whether they are those that run " + std::to_string(continued.past.front().id) +
         " began with is not known: it was stored without a digest of them";
}

}  // namespace grapevine
