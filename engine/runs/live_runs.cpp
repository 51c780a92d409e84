#include "engine/runs/live_runs.h"

#include <utility>

namespace grapevine {

LiveRuns::LiveRuns(std::vector<RunData> racers) {
  for (RunData& racer : racers) racers_.push_back(std::make_shared<RunData>(std::move(racer)));
  views_.assign(racers_.begin(), racers_.end());
}

std::vector<std::int64_t> LiveRuns::ids() const {
  std::vector<std::int64_t> ids;
  for (const RunView& view : views_) ids.push_back(view->id);
  return ids;
}

void LiveRuns::absorb(const Observations& news) {
  std::vector<RunData*> racers;
  for (const auto& racer : racers_) racers.push_back(racer.get());
  grapevine::absorb(racers, news);
}

void LiveRuns::identify(std::size_t racer, const RunData& stored) {
  RunData& run = *racers_[racer];
  run.id = stored.id;
  run.name = stored.name;
  run.colour = stored.colour;
  run.colour_chosen = stored.colour_chosen;
  run.experiment = stored.experiment;
  run.started = stored.started;
  run.versions = stored.versions;
  ++run.revision;
}

void LiveRuns::end_as(const StatusWord& status) {
  for (const auto& racer : racers_) {
    if (racer->status != RunStatus::failed) racer->status = status;
    ++racer->revision;
  }
}

}  // namespace grapevine
