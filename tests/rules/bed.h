// What the tests of the rules share: random networks in float64 that have run forward, and draws that a test
// writes out itself.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "engine/experiment/registry.h"
#include "tests/nn/bed.h"
#include "tests/nn/oracle.h"

namespace grapevine {

inline constexpr double exact = 1e-10;

using Generator = std::mt19937_64;
inline std::int64_t any(Generator& g, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(g);
}

/// linear (+ activation) segments of random widths, `hidden` of them below the last.
inline NetworkSpec random_mlp(Generator& g, int hidden, std::optional<LayerKind> activation = {}) {
  NetworkSpec spec{{any(g, 3, 8)}, {}};
  std::int64_t width = spec.input[0];
  for (int l = 0; l < hidden; ++l) {
    const std::int64_t next = any(g, 4, 9);
    spec.segments.push_back({linear(width, next)});
    if (activation) spec.segments.back().push_back(layer(*activation));
    width = next;
  }
  spec.segments.push_back({linear(width, any(g, 2, 5))});
  return spec;
}

inline NetworkSpec random_cnn(Generator& g) {
  const std::int64_t channels = any(g, 1, 3), middle = any(g, 2, 4);
  LayerSpec norm = layer(LayerKind::batch_norm2d), residual = layer(LayerKind::residual),
            pool = layer(LayerKind::max_pool2d);
  norm.features = middle;
  residual.body = {conv(middle, middle), layer(LayerKind::tanh)};
  pool.kernel = pool.stride = 2;
  return {{channels, 6, 6},
          {{conv(channels, middle), norm, layer(LayerKind::relu)},
           {residual, pool},
           {layer(LayerKind::flatten), linear(middle * 9, any(g, 2, 5))}}};
}

/// A network with random weights and biases that has run forward on a random batch.
struct Bed : ForwardBed {
  Bed(const NetworkSpec& spec, Generator& g, std::int64_t samples) : ForwardBed(spec, training_pass()) {
    at::Tensor values = network.values().flat();
    fill_gaussian(values, key(g));
    values.mul_(0.5);
    std::vector<std::int64_t> shape{samples};
    shape.insert(shape.end(), spec.input.begin(), spec.input.end());
    x = at::empty(shape, f64);
    fill_gaussian(x, key(g));
    std::vector<std::int64_t> labels;
    for (std::int64_t n = 0; n < samples; ++n) labels.push_back(any(g, 0, network.classes() - 1));
    y = at::tensor(labels, at::TensorOptions().dtype(at::kLong));
    run();
  }
  static RandomKey key(Generator& g) {
    return RandomKey::of(static_cast<std::int64_t>(g() >> 1), Stream::test);
  }
  at::Tensor bp_gradients(Signals* signals = nullptr) {
    ParameterBuffer buffer(network.layout(), f64);
    Lesson by_bp{network, tape, pass, y, judgement.e, buffer};
    Signals own;
    backpropagate(by_bp, own, true);
    if (signals)
      for (const auto& s : own) signals->push_back(s.clone());
    return buffer.flat();
  }
};

inline std::unique_ptr<Rule> attached(const std::string& key, Bed& bed,
                                      const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(key);
  for (const auto& [name, value] : settings) experiment.set_text("rule." + name, value);
  std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 11);
  return rule;
}

/// Draws that a test writes out.
class WrittenDraws : public SeededDraws {
 public:
  WrittenDraws() : SeededDraws(1, 1) {}
  bool perturbation(int point, int, at::Tensor& out) override {
    if (!perturb) return false;
    perturb(point, out);
    return true;
  }
  bool parameter_direction(const std::string& name, at::Tensor& out) override {
    if (!direct) return false;
    direct(name, out);
    return true;
  }
  std::function<void(int, at::Tensor&)> perturb;
  std::function<void(const std::string&, at::Tensor&)> direct;
};

inline std::string seed_text(std::uint64_t seed) {
  return "seed " + std::to_string(seed);
}

}  // namespace grapevine
