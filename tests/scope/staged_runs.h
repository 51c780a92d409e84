// Runs made for the stage's tests: three feedback points, needles, columns.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/scope/made_runs.h"
#include "ui/scope/figures/run_sketch.h"
#include "ui/scope/figures/stage_data.h"

namespace grapevine {

/// A run of one rule with three feedback points of 1,024, 256 and 64 features.
inline RunData run_of(const char* rule) {
  RunData run;
  run.rule = rule;
  run.name = rule;
  run.uuid = rule;
  // No raw literals: moc loses its place behind them.
  run.events.push_back(made_event(
      "started", 0, "on cpu",
      "{\"segments\": [\"linear 784→1024, relu\", \"linear 1024→256, relu\", \"linear 256→64, relu\", "
      "\"linear 64→10\"], \"features\": [1024, 256, 64, 10], \"inputs\": 784}"));
  run.experiment =
      "{\"rule\": {\"name\": \"" + std::string(rule) +
      "\"}, \"data\": {\"name\": \"mnist\", \"test_limit\": 2000}, \"optimizer\": {\"lr\": 0.1}, "
      "\"seed\": 1}";
  return run;
}

inline void add_needle(RunData& run, int point, std::int64_t step, double p10, double p50, double p90) {
  add_sample(run, "sample_angle_p10", point, step, p10);
  add_sample(run, "sample_angle_p50", point, step, p50);
  add_sample(run, "sample_angle_p90", point, step, p90);
}

/// Runs next to what the stage needs of them.
class Racers {
 public:
  explicit Racers(std::vector<RunData> runs) : runs_(std::move(runs)) {
    for (const RunData& run : runs_) sketches_.push_back(sketch_of(run));
    for (std::size_t i = 0; i < runs_.size(); ++i)
      racers_.push_back({static_cast<int>(i), &runs_[i], &sketches_[i], runs_[i].rule, 0xff123456});
  }
  StageData at(std::optional<double> time = {}) const { return stage_at(racers_, TimeAxis::step, time); }
  const std::vector<StageRacer>& list() const { return racers_; }

 private:
  std::vector<RunData> runs_;
  std::vector<RunSketch> sketches_;
  std::vector<StageRacer> racers_;
};

inline bool near(double a, double b, double tolerance = 1e-9) {
  return std::abs(a - b) <= tolerance;
}

/// One column of so many points with these needles.
inline StageColumn column_with(const std::vector<double>& angles) {
  StageColumn column;
  for (std::size_t i = 0; i < angles.size(); ++i) {
    StageDial dial;
    dial.point = static_cast<int>(i) + 1;
    dial.reading = DialReading::median;
    dial.angle = angles[i];
    column.dials.push_back(dial);
  }
  return column;
}

}  // namespace grapevine
