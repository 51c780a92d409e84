// Calibration (learning-rules §5): now and then the exact gradient of one mini-batch anchors the network.
// This part says when one is due and carries it out on the weights: SGD with momentum of its own, gradient
// norm clipped. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <string_view>

#include "engine/rules/rule.h"
#include "engine/training/experiment.h"
#include "engine/training/optimizer.h"

namespace grapevine {

class Calibration {
 public:
  Calibration(const Experiment& experiment, const at::Tensor& values);

  /// The cause when one is due after `step` steps of which the last ended an epoch or not; "" otherwise.
  std::string due(std::int64_t step, std::int64_t steps_per_epoch) const;
  std::int64_t batch_size() const { return batch_size_; }

  /// Fills the lesson's gradients by BP on its batch and moves the weights with them. Returns the gradient's
  /// norm before clipping.
  double apply(Lesson& lesson, at::Tensor& values);

  /// calibration.when, .every, .lr, .clip; returns false for any other key.
  bool set(std::string_view key, const Experiment& experiment);
  NamedTensors state();
  std::int64_t count = 0;

 private:
  void read(const Experiment& experiment);
  std::string when_;
  std::int64_t every_ = 1, batch_size_ = 128;
  double lr_ = 0.01, clip_ = 1;
  std::unique_ptr<Optimizer> optimizer_;
};

}  // namespace grapevine
