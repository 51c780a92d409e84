// Filling and asking a run's data.
#include "engine/runs/run_data.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/experiment/registry.h"
#include "engine/runs/stored_beginning.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

void add(Series& series, const Sample& sample) {
  const auto& known = measures();
  const double shown =
      sample.measure < known.size() ? as_read(known[sample.measure], sample.value) : sample.value;
  // Nearly always the end; a value that comes late goes where the database would sort it.
  const auto at = std::lower_bound(series.step.begin(), series.step.end(), sample.step) - series.step.begin();
  if (static_cast<std::size_t>(at) < series.size() && series.step[at] == sample.step) {
    series.epoch[at] = sample.epoch;
    series.seconds[at] = sample.seconds;
    series.value[at] = shown;
    return;
  }
  series.step.insert(series.step.begin() + at, sample.step);
  series.epoch.insert(series.epoch.begin() + at, sample.epoch);
  series.seconds.insert(series.seconds.begin() + at, sample.seconds);
  series.value.insert(series.value.begin() + at, shown);
}

void absorb_event(RunData& run, const Event& event) {
  run.events.push_back(event);
  if (event.kind == EventKind::started) note_start(run, event);
  if (event.kind == EventKind::failed && run.status != RunStatus::failed) {  // the first reason counts
    run.status = RunStatus::failed;
    run.failure = event.cause;
    run.step = event.step;
    run.epoch = event.epoch;
  }
  if (event.kind == EventKind::finished && run.status != RunStatus::failed) {  // perhaps before the others
    run.status = RunStatus::finished;
    run.step = event.step;
    run.epoch = event.epoch;
  }
}

/// Its last event; people may have noted something since.
bool was_stopped(const RunData& run) {
  const auto last = std::find_if(run.events.rbegin(), run.events.rend(),
                                 [](const Event& event) { return event.kind != EventKind::note; });
  return last != run.events.rend() && last->kind == EventKind::stopped;
}

void absorb_states(std::span<RunData* const> racers, const Observations& news) {
  bool stopped = false;
  for (const RunData* run : racers) stopped = stopped || was_stopped(*run);
  for (RunData* run : racers) {
    for (const SessionState state : news.states) {
      if (state == SessionState::failed && run->status != RunStatus::failed) run->failure = news.failure;
      run->status = status_after(state, stopped, run->status);
    }
  }
}

}  // namespace

const Series* RunData::find(int measure, int point) const {
  const auto found = series.find({measure, point});
  return found == series.end() ? nullptr : &found->second;
}

const Series* RunData::find(const char* measure_key, int point) const {
  return find(measure_index(measure_key), point);
}

double RunData::last(const char* measure_key, int point) const {
  const Series* found = find(measure_key, point);
  return found && found->size() > 0 ? found->value.back() : std::numeric_limits<double>::quiet_NaN();
}

int RunData::points_of(int measure) const {
  int largest = 0;
  for (const auto& [key, unused] : series) {
    if (key.first == measure) largest = std::max(largest, key.second);
  }
  return largest;
}

void absorb(std::span<RunData* const> racers, const Observations& news) {
  if (news.empty()) return;
  for (const Sample& sample : news.samples) {
    if (sample.racer >= racers.size()) continue;
    RunData& run = *racers[sample.racer];
    add(run.series[{sample.measure, sample.point}], sample);
    run.seconds = std::max(run.seconds, sample.seconds);
  }
  for (RunData* run : racers) {
    if (news.step >= 0 && run->status != RunStatus::failed && run->status != RunStatus::finished) {
      run->step = news.step;
      run->epoch = news.epoch;
    }
  }
  for (const Event& event : news.events) {
    if (event.racer < racers.size()) absorb_event(*racers[event.racer], event);
  }
  absorb_states(racers, news);
  for (RunData* run : racers) ++run->revision;
}

void absorb(std::vector<RunData>& racers, const Observations& news) {
  std::vector<RunData*> pointers;
  for (RunData& racer : racers) pointers.push_back(&racer);
  absorb(pointers, news);
}

void forget_after(RunData& run, std::int64_t step) {
  for (auto entry = run.series.begin(); entry != run.series.end();) {
    Series& series = entry->second;
    const auto kept = static_cast<std::size_t>(
        std::upper_bound(series.step.begin(), series.step.end(), step) - series.step.begin());
    series.step.resize(kept);
    series.epoch.resize(kept);
    series.seconds.resize(kept);
    series.value.resize(kept);
    entry = kept == 0 ? run.series.erase(entry) : std::next(entry);
  }
  // What somebody noted of a step holds for the same step when it is made again.
  std::erase_if(run.events,
                [&](const Event& event) { return event.step > step && event.kind != EventKind::note; });
  run.seconds = 0;
  for (const auto& [key, series] : run.series) {
    run.seconds = std::max(run.seconds, *std::max_element(series.seconds.begin(), series.seconds.end()));
  }
  if (run.step > step) {
    run.epoch *= static_cast<double>(step) / static_cast<double>(run.step);  // an epoch is a number of steps
    run.step = step;
  }
  ++run.revision;
}

StatusWord status_after(SessionState state, bool stopped, const StatusWord& before) {
  if (before == RunStatus::failed || before == RunStatus::finished) return before;
  switch (state) {
    case SessionState::running:
      return RunStatus::running;
    case SessionState::paused:
      return RunStatus::paused;
    case SessionState::finished:
      return stopped ? RunStatus::stopped : RunStatus::finished;
    case SessionState::failed:
      return RunStatus::failed;
    case SessionState::idle:
    case SessionState::stopping:
      break;
  }
  return before;
}

bool judged_by_perplexity(const RunData& run) {
  return std::any_of(run.series.begin(), run.series.end(), [](const auto& entry) {
    return measures().at(static_cast<std::size_t>(entry.first.first)).quantity == Quantity::perplexity;
  });
}

const MeasureDescriptor& score_of(const RunData& run, Phase phase) {
  const std::vector<const MeasureDescriptor*> all = scores(phase);
  const bool perplexity = judged_by_perplexity(run);
  const auto own = std::find_if(all.begin(), all.end(), [&](const MeasureDescriptor* score) {
    return (score->quantity == Quantity::perplexity) == perplexity;
  });
  return **(own == all.end() ? all.begin() : own);
}

const MeasureDescriptor& judged_by(const RunData& run) {
  const MeasureDescriptor& validation = score_of(run, Phase::validation);
  return run.find(validation.key.c_str()) ? validation : score_of(run, Phase::test);
}

std::optional<BestValue> best_of(const RunData& run, const MeasureDescriptor& measure) {
  const Series* series = run.find(measure.key.c_str());
  std::optional<BestValue> best;
  for (std::size_t i = 0; series && i < series->size(); ++i) {
    const double value = series->value[i];
    if (!std::isfinite(value) || (best && !measure.is_ahead(value, best->value))) continue;
    best = BestValue{&measure, value, series->epoch[i], series->step[i]};
  }
  return best;
}

std::optional<BestValue> best_of(const RunData& run) {
  return best_of(run, judged_by(run));
}

}  // namespace grapevine
