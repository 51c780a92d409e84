// Optimisers over flat buffers: one pass over memory an update. Formulas are PyTorch's. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/groups/training_settings.h"

namespace grapevine {

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// Moves `values` along `gradients` (both flat, same layout).
  virtual void step(at::Tensor& values, const at::Tensor& gradients, double lr) = 0;
  /// For checkpoints: moments by name, and the number of updates.
  virtual std::vector<std::pair<std::string, at::Tensor>> state() = 0;
  std::int64_t updates = 0;
  double weight_decay = 0;
};

/// `values` gives size, type and device.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, const at::Tensor& values);

/// Scales the gradients so that their norm is at most `limit` (0 = off), without reading it back.
void clip_gradients(at::Tensor& gradients, double limit);

}  // namespace grapevine
