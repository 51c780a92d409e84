#include "engine/checks/self_test.h"

#include <ATen/core/grad_mode.h>

#include <cmath>
#include <functional>

#include "engine/checks/self_test_bed.h"
#include "engine/experiment/entry_keys.h"
#include "engine/nn/device.h"
#include "engine/probes/probe.h"
#include "engine/training/race.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

// A small network with every kind of layer.
NetworkSpec sample_network() {
  LayerSpec body = conv_layer(3, 3, 3, 1), layer_norm = plain_layer(LayerKind::layer_norm),
            residual = plain_layer(LayerKind::residual);
  residual.body = {body, plain_layer(LayerKind::gelu)};
  layer_norm.features = 10;
  return {{2, 6, 6},
          {{conv_layer(2, 3, 3, 1), batch_norm_layer(3), plain_layer(LayerKind::relu),
            pool_layer(LayerKind::max_pool2d, 2, 2)},
           {residual, plain_layer(LayerKind::tanh), pool_layer(LayerKind::avg_pool2d, 3, 3)},
           {plain_layer(LayerKind::flatten), linear_layer(3, 10), layer_norm, plain_layer(LayerKind::sigmoid),
            dropout_layer(0.25)},
           {linear_layer(10, 4)}}};
}

// ⟨J ḣ, δ⟩ = ⟨ḣ, Jᵀ δ⟩ through every segment.
CheckLine transposes(const at::TensorOptions& options) {
  Bed bed(sample_network(), options, 5);
  double worst = 0;
  for (int l = 1; l <= bed.network.segments(); ++l) {
    const auto i = static_cast<std::size_t>(l - 1);
    const at::Tensor& input = l == 1 ? bed.x : bed.tape.outputs[i - 1];
    const at::Tensor h_dot = random(input.sizes(), options, 10 + i),
                     dy = random(bed.tape.outputs[i].sizes(), options, 20 + i);
    AdjointRequest request;
    const double forward = (bed.network.tangent(l, h_dot, bed.tape) * dy).sum().item<double>();
    const double backward = (bed.network.adjoint(l, dy, bed.tape, request) * h_dot).sum().item<double>();
    worst = std::max(worst, std::abs(forward - backward) / std::max(1.0, std::abs(forward)));
  }
  return {"tangents and adjoints are transposes of each other", worst < exact,
          "largest error " + scientific(worst)};
}

// BP's gradient along a direction against the loss's central difference.
CheckLine gradient_matches_loss(const at::TensorOptions& options) {
  Bed bed(sample_network(), options, 5);
  Signals signals;
  Lesson lesson = bed.lesson();
  backpropagate(lesson, signals, true);
  at::Tensor values = bed.network.values().flat();
  const at::Tensor direction = random(values.sizes(), options, 30);
  const double along = (bed.gradients.flat() * direction).sum().item<double>();
  const double step = 1e-6;
  const auto loss_at = [&](double t) {
    values.add_(direction, t);
    NetworkTape tape;
    Judgement judgement;
    judge(bed.network.forward(bed.x, tape, bed.pass), bed.y, judgement, false);
    values.sub_(direction, t);
    return judgement.loss.item<double>();
  };
  const double difference = (loss_at(step) - loss_at(-step)) / (2 * step);
  const double error = std::abs(along - difference) / std::max(1.0, std::abs(difference));
  return {"BP's gradient is the loss's slope", error < 1e-6, "relative error " + scientific(error)};
}

// fa with its transports equal to W is bp.
CheckLine fa_with_true_weights(const at::TensorOptions& options) {
  Bed bed(sample_network(), options, 5);
  const std::unique_ptr<Rule> fa = make_rule(Experiment(rule_keys::fa));
  fa->attach(bed.network, 1);
  std::size_t i = 0;
  NamedTensors transports = fa->state();
  for (const int slot : bed.network.transported_slots())
    transports[i++].second.copy_(bed.network.values()[slot]);
  Lesson lesson = bed.lesson();
  Signals signals;
  fa->rehearse(lesson, signals);
  const at::Tensor mine = bed.gradients.flat().clone();
  backpropagate(lesson, signals, true);
  const double error = relative_error(mine, bed.gradients.flat());
  return {"FA whose transports are W is BP", error < exact, "relative error " + scientific(error)};
}

// dfa with one hidden layer and B = W₂ is bp.
CheckLine dfa_with_true_weights(const at::TensorOptions& options) {
  Bed bed({{6}, {{linear_layer(6, 9), plain_layer(LayerKind::tanh)}, {linear_layer(9, 4)}}}, options, 8);
  const std::unique_ptr<Rule> dfa = make_rule(Experiment(rule_keys::dfa));
  dfa->attach(bed.network, 1);
  (*dfa->feedback())[0].copy_(bed.network.values()[bed.network.layout().slot("2.0.weight")]);
  Lesson lesson = bed.lesson();
  Signals signals;
  dfa->rehearse(lesson, signals);
  const at::Tensor mine = bed.gradients.flat().clone();
  backpropagate(lesson, signals, true);
  const double error = at::linalg_vector_norm(mine - bed.gradients.flat()).item<double>();
  return {"DFA with one hidden layer and B = W is BP", error < exact, "difference " + scientific(error)};
}

CheckLine repeats(const at::TensorOptions& options) {
  const auto run = [&] {
    Trainer trainer(0, Experiment(rule_keys::grape),
                    {{6}, {{linear_layer(6, 32), plain_layer(LayerKind::relu)}, {linear_layer(32, 4)}}},
                    options);
    Batch batch{random({16, 6}, options, 40), at::arange(16, options.dtype(at::kLong)).remainder(4)};
    Report report;
    for (int step = 1; step <= 5; ++step) trainer.step(batch, step, 100, report);
    return trainer.network().values().flat().clone();
  };
  const bool same = at::equal(run(), run());
  return {"the same seed gives the same weights, bit for bit", same, same ? "identical" : "they differ"};
}

}  // namespace

std::vector<CheckLine> self_test(const std::string& device) {
  const at::NoGradGuard no_grad;
  const at::TensorOptions options = at::TensorOptions().dtype(at::kDouble).device(choose_device(device));
  std::vector<CheckLine (*)(const at::TensorOptions&)> checks{transposes, gradient_matches_loss,
                                                              fa_with_true_weights, dfa_with_true_weights};
  for (const auto& check : checks_of_estimates()) checks.push_back(check);
  checks.push_back(repeats);
  std::vector<CheckLine> lines;
  for (const auto& check : checks) {
    try {
      lines.push_back(check(options));
    } catch (const std::exception& error) {
      lines.push_back({"check " + std::to_string(lines.size() + 1), false, error.what()});
    }
  }
  return lines;
}

}  // namespace grapevine
