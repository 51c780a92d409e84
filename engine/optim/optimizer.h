// Optimizers over flat buffers: one pass over memory an update. Formulas are PyTorch's. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/groups/training_settings.h"

namespace grapevine {

/// A stretch of the flat tensors that learns at a rate of its own: `scale` times what step() is given, as a
/// parameter group of torch.optim with that rate.
struct RatePart {
  std::int64_t begin = 0, count = 0;
  double scale = 1;
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// Moves `values` along `gradients` (both flat, same layout).
  void step(at::Tensor& values, const at::Tensor& gradients, double lr);
  /// For checkpoints: moments by name, and the number of updates.
  virtual std::vector<std::pair<std::string, at::Tensor>> state() = 0;
  std::int64_t updates = 0;
  double weight_decay = 0;
  std::vector<RatePart> parts;  ///< all of the tensors, in order; empty: one rate for them all

 protected:
  /// The same for what begins at `begin` in the moments; `updates` counts this step already.
  virtual void move(at::Tensor& values, const at::Tensor& gradients, std::int64_t begin, double lr) = 0;
};

/// `values` gives size, type and device.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, const at::Tensor& values);

/// Scales the gradients so that their norm is at most `limit` (0 = off), without reading it back.
void clip_gradients(at::Tensor& gradients, double limit);

}  // namespace grapevine
