// What tests of everything that stands on networks share: short descriptions of layers, noise, and a network
// in float64 that has run forward on a batch.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "engine/nn/judgement.h"
#include "engine/training/trainer.h"

namespace grapevine {

inline const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);

inline at::Tensor noise(at::IntArrayRef shape, std::int64_t seed) {
  at::Tensor t = at::empty(shape, f64);
  fill_gaussian(t, RandomKey::of(seed, Stream::test));
  return t;
}

inline LayerSpec layer(LayerKind kind) {
  LayerSpec spec;
  spec.kind = kind;
  return spec;
}
inline LayerSpec linear(std::int64_t in, std::int64_t out) {
  LayerSpec spec = layer(LayerKind::linear);
  spec.in = in;
  spec.out = out;
  return spec;
}
/// 3×3, the size kept.
inline LayerSpec conv(std::int64_t in, std::int64_t out) {
  LayerSpec spec = linear(in, out);
  spec.kind = LayerKind::conv2d;
  spec.kernel = 3;
  spec.padding = 1;
  return spec;
}

/// Three linear segments with tanh between, for four classes.
inline const NetworkSpec tanh_mlp{
    {5}, {{linear(5, 9), layer(LayerKind::tanh)}, {linear(9, 7), layer(LayerKind::tanh)}, {linear(7, 4)}}};

struct ForwardBed {
  ForwardBed(const NetworkSpec& spec, const Pass& how)
      : network(spec, f64), gradients(network.layout(), f64), pass(how) {}
  /// Gaussian values times `scale`, a Gaussian batch, the classes in turn; and forward.
  ForwardBed(const NetworkSpec& spec, const Pass& how, std::int64_t samples, double scale)
      : ForwardBed(spec, how) {
    network.values().flat().copy_(noise(network.values().flat().sizes(), 1) * scale);
    std::vector<std::int64_t> shape{samples};
    shape.insert(shape.end(), spec.input.begin(), spec.input.end());
    x = noise(shape, 2);
    y = at::arange(samples, at::TensorOptions().dtype(at::kLong)).remainder(network.classes());
    run();
  }
  void run() { judge(network.forward(x, tape, pass), y, judgement, true); }
  Lesson lesson() { return {network, tape, pass, y, judgement.e, gradients}; }

  Network network;
  NetworkTape tape;
  ParameterBuffer gradients;
  at::Tensor x, y;
  Pass pass;
  Judgement judgement;
};

inline Pass training_pass() {
  return Pass::training(RandomKey::of(1, Stream::dropout));
}

}  // namespace grapevine
