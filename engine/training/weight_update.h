// The end of a racer's step: clipped gradients, that step's learning rate, the optimizer. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/feedback/lesson.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "engine/training/evaluation.h"

namespace grapevine {

struct UpdateSettings {
  OptimizerSettings optimizer;
  ScheduleSettings schedule;
  std::int64_t epochs = 0;
  std::vector<double> rate_scales;  ///< factors on the rate, one per segment; empty = none
  static UpdateSettings of(const Experiment& experiment);
};

class WeightUpdate {
 public:
  /// Of these values. Throws InputError where the rates' scales don't fit the network.
  WeightUpdate(const UpdateSettings& settings, const Network& network);

  /// Takes the live ones of changed settings.
  void change(const UpdateSettings& settings) { settings_ = settings; }
  void set_rise(Rise rise) { rise_ = rise; }

  double rate(std::int64_t step, std::int64_t steps_per_epoch) const;
  /// Is it another one than at the step noted before?
  bool note_rate(double rate);
  /// Clips the gradients and moves the values along them. `rule_decay`: of the weights, the rule's own.
  void apply(at::Tensor& values, at::Tensor& gradients, double rate, double rule_decay);
  /// What plateau makes of epoch `index` (from 0, of the run's own). While the rate rises it looks at
  /// nothing.
  void watch(const EpochNumbers& numbers, std::int64_t index);

  const std::vector<double>& rate_scales() const { return settings_.rate_scales; }
  /// "Adam"; "" where a weight moves by −rate times its gradient and nothing else.
  std::string words() const;
  Optimizer& optimizer() { return *optimizer_; }

  // In a checkpoint.
  NamedTensors state() const { return optimizer_->state(); }
  void save(std::map<std::string, double>& numbers) const;
  /// `begins`: at the state of another run, whose schedule is not continued; that counts from step `origin`.
  void load(const std::map<std::string, double>& numbers, std::int64_t origin, bool begins);

 private:
  UpdateSettings settings_;
  std::unique_ptr<Optimizer> optimizer_;
  Rise rise_ = Rise::before_schedule;
  std::int64_t origin_ = 0;  ///< the step from which the schedule counts
  double last_rate_ = -1;
  Plateau plateau_;
};

}  // namespace grapevine
