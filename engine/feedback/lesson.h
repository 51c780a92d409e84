// What a rule is given to learn from: a network that has run forward, and the error at its output. Worker
// thread only.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/nn/network.h"
#include "engine/nn/part_clock.h"

namespace grapevine {

/// A network after its forward pass on a batch. e = ∂L/∂z, N×C, with the 1/N inside.
struct Lesson {
  Network& network;
  NetworkTape& tape;
  Pass pass;
  const at::Tensor& y;  ///< class indices, N, int64
  const at::Tensor& e;
  const ParameterBuffer& gradients;  ///< to be filled with what the optimizer gets, without decay
  PartClock* clock = nullptr;
};

/// δ_l at [l−1] for the feedback points 1…S−1; shape of h_l. Buffers are reused.
using Signals = std::vector<at::Tensor>;
/// A perturbation N×n_l of one feedback point and the tangent N×C that it made at the logits.
struct KeptTrace {
  int point;
  at::Tensor perturbation, z_dot;
};
using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

}  // namespace grapevine
