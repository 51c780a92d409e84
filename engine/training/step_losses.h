// A racer's losses and hits: noted at every step, read from the device some steps later, reported, and summed
// up over the epoch. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "engine/nn/judgement.h"
#include "engine/session/stepper.h"
#include "engine/training/evaluation.h"
#include "engine/training/racer_reports.h"
#include "engine/training/step_tapes.h"
#include "engine/training/tally.h"

namespace grapevine {

class StepLosses {
 public:
  /// Network and tapes outlive it; the tapes may become other ones.
  StepLosses(RacerReports reports, const Network& network, const std::shared_ptr<StepTapes>& tapes,
             const at::TensorOptions& options)
      : reports_(reports), network_(network), tapes_(tapes), tally_(options) {}

  /// How many steps may stand unread.
  void set_capacity(std::int64_t steps) { tally_.set_capacity(steps); }
  /// Of a step on `count` samples or tokens.
  void note(std::int64_t step, double epoch, std::int64_t count, const Judgement& judgement, Report& report);
  /// Reads and reports what stands unread. Throws RunError where a loss is not finite.
  void settle(Report& report);

  /// Means over the epoch so far.
  Scores means() const { return {loss_ / count_, correct_ / count_}; }
  void begin_epoch() { loss_ = correct_ = count_ = 0; }

  // The sums, in a checkpoint.
  void save(std::map<std::string, double>& numbers) const;
  void load(const std::map<std::string, double>& numbers);

 private:
  void check(double loss, std::int64_t step) const;

  RacerReports reports_;
  const Network& network_;
  const std::shared_ptr<StepTapes>& tapes_;
  StepTally tally_;
  double loss_ = 0, correct_ = 0, count_ = 0;
};

}  // namespace grapevine
