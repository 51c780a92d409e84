// Calibration (learning-rules §5): now and then the exact gradient of one mini-batch anchors the network.
// This part says when one is due, which batch it takes, and carries it out: on the weights (SGD with momentum
// of its own, gradient norm clipped), on the feedback matrices (ridge refit), or both. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>

#include "engine/batches/batches.h"
#include "engine/calibration/trigger.h"
#include "engine/experiment/groups/calibration_settings.h"
#include "engine/optim/optimizer.h"
#include "engine/rules/rule.h"

namespace grapevine {

class Calibration {
 public:
  Calibration(const CalibrationSettings& settings, const at::Tensor& values);

  /// The cause when one is due after `step` steps by the calendar; "" otherwise.
  std::string due(std::int64_t step, std::int64_t steps_per_epoch) const;
  /// Is it time to look at the alignment (when = event)?
  bool looks(std::int64_t step) const {
    return settings_.when == CalibrationSettings::When::event && step > 0 &&
           step % settings_.check_every == 0;
  }
  /// Looks at ĉ_l, at [l−1]; the cause when alignment counts as lost and the budget allows another, ""
  /// otherwise.
  std::string look(std::int64_t step, const std::vector<double>& alignment);

  /// The mini-batch by calibration.batch. `rule` for worst_residual.
  Batch choose(Batches& batches, Network& network, Rule& rule, RandomKey key) const;

  /// Fills the lesson's gradients by BP on its batch and moves what calibration.what says. Returns the
  /// gradient's norm before clipping.
  double apply(Lesson& lesson, Rule& rule, at::Tensor& values);

  /// Before the start: whether batches drawn from so many training samples, `rows_a_sample` rows of z each,
  /// suffice for what is to be fitted. Throws InputError.
  void check(std::int64_t training_samples, std::int64_t rows_a_sample, std::int64_t classes) const;

  /// Takes the live ones of changed settings.
  void change(const CalibrationSettings& settings);
  NamedTensors state() const;
  std::vector<double> trigger_state() const { return trigger_.state(); }
  void restore_trigger(const std::vector<double>& state) { trigger_.restore(state); }
  std::int64_t count = 0;

 private:
  at::Tensor scores(const Batch& pool, Network& network, Rule& rule, RandomKey key) const;

  CalibrationSettings settings_;
  AlignmentTrigger trigger_;
  std::unique_ptr<Optimizer> optimizer_;
};

}  // namespace grapevine
