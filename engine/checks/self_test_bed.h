// What the self-test's checks share: a network in float64 that has run forward, numbers as they are reported.
// Worker thread only. Private to checks/.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "engine/checks/self_test.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/models/model.h"
#include "engine/nn/judgement.h"
#include "engine/rules/rule.h"

namespace grapevine {

inline constexpr double exact = 1e-10;

inline std::string scientific(double value) {
  std::ostringstream text;
  text.precision(2);
  text << std::scientific << value;
  return text.str();
}

inline at::Tensor random(at::IntArrayRef shape, const at::TensorOptions& options, std::uint64_t word) {
  at::Tensor t = at::empty(shape, options);
  fill_gaussian(t, RandomKey::of(7, Stream::test).with(word));
  return t;
}

struct Bed {
  explicit Bed(const NetworkSpec& spec, const at::TensorOptions& options, std::int64_t samples)
      : network(spec, options), gradients(network.layout(), options) {
    initialise(network, WeightInit::xavier, 3);
    std::vector<std::int64_t> shape{samples};
    shape.insert(shape.end(), spec.input.begin(), spec.input.end());
    x = random(shape, options, 1);
    y = at::arange(samples, options.dtype(at::kLong)).remainder(network.classes());
    pass = Pass::training(RandomKey::of(7, Stream::dropout));
    judge(network.forward(x, tape, pass), y, judgement, true);
  }
  Lesson lesson() { return {network, tape, pass, y, judgement.e, gradients}; }

  Network network;
  NetworkTape tape;
  ParameterBuffer gradients;
  at::Tensor x, y;
  Pass pass;
  Judgement judgement;
};

inline double relative_error(const at::Tensor& got, const at::Tensor& wanted) {
  return (at::linalg_vector_norm(got - wanted) / at::linalg_vector_norm(wanted)).item<double>();
}

/// The identities of estimates by forward passes, and of the matrices that learn from them (§8.3 to 8.5).
std::vector<CheckLine (*)(const at::TensorOptions&)> checks_of_estimates();

}  // namespace grapevine
