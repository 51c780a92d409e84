// Made-up runs for the scope's tests: four racers, three layers, calibrations.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "engine/experiment/registry.h"
#include "engine/runs/run_data.h"

namespace grapevine {

inline void add_sample(RunData& run, const char* measure, int point, std::int64_t step, double value) {
  Series& series = run.series[{measure_index(measure), point}];
  series.step.push_back(step);
  series.epoch.push_back(static_cast<double>(step) / 100);
  series.seconds.push_back(static_cast<double>(step) * 0.5);
  series.value.push_back(value);
  run.step = std::max(run.step, step);
  run.epoch = static_cast<double>(run.step) / 100;
  ++run.revision;
}

/// One step's samples of a racer: batch values each step, layers each tenth, the test set each hundredth.
inline void add_step(RunData& run, int racer, std::int64_t step) {
  const double progress = 1 - std::exp(-static_cast<double>(step) / (100.0 + 50.0 * racer));
  add_sample(run, "loss", 0, step, 2.3 - 2 * progress + 0.05 * std::sin(static_cast<double>(step)));
  add_sample(run, "accuracy", 0, step, 0.1 + 0.8 * progress);
  if (step % 100 == 0) {
    add_sample(run, "test_loss", 0, step, 2.35 - 2 * progress);
    add_sample(run, "test_accuracy", 0, step, 0.1 + 0.75 * progress);
  }
  if (step % 10 != 0) return;
  for (int layer = 1; layer <= 3; ++layer) {
    add_sample(run, "cos_delta", layer, step, racer == 0 ? 1 : progress * layer / 3);
    if (racer > 0) add_sample(run, "cos_b_j", layer, step, progress * layer / 3 - 0.1);
  }
}

inline Event made_event(const char* kind, std::int64_t step, const char* cause, const char* data) {
  Event event;
  event.kind = OpenWord<EventKind>::read(kind);
  event.step = step;
  event.epoch = static_cast<double>(step) / 100;
  event.cause = cause;
  event.data = data;
  return event;
}

inline std::vector<RunData> made_runs(std::int64_t steps, int racers = 4) {
  const std::vector<std::string> names = {"bp", "dfa", "grape", "residual"};
  std::vector<RunData> runs(static_cast<std::size_t>(racers));
  for (int r = 0; r < racers; ++r) {
    RunData& run = runs[static_cast<std::size_t>(r)];
    run.name = names[static_cast<std::size_t>(r) % names.size()];
    run.uuid = "run-" + std::to_string(r);
    run.rule = run.name;
    for (std::int64_t step = 1; step <= steps; ++step) add_step(run, r, step);
    if (r == 0) continue;
    for (std::int64_t step = 100; step <= steps; step += 100) {
      run.events.push_back(
          made_event("calibration", step, "every 100 steps",
                     R"({"loss_before": 0.8, "loss_after": 0.6, "alignment_before": {"1": 0.1, "2": 0.2},
                                          "alignment_after": {"1": 0.3, "2": 0.4}, "seconds": 0.5})"));
    }
  }
  return runs;
}

/// The caller keeps the runs, and may let them grow.
inline std::vector<RunView> pointers_to(const std::vector<RunData>& runs) {
  std::vector<RunView> pointers;
  for (const RunData& run : runs) pointers.push_back(RunView(RunView(), &run));
  return pointers;
}

inline std::vector<std::string> labels_of(const std::vector<RunData>& runs) {
  std::vector<std::string> labels;
  for (const RunData& run : runs) labels.push_back(run.name);
  return labels;
}

}  // namespace grapevine
