#include "engine/checks/self_test.h"

#include <ATen/core/grad_mode.h>

#include <cmath>
#include <functional>
#include <sstream>

#include "engine/feedback/estimate.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/nn/judgement.h"
#include "engine/probes/probe.h"
#include "engine/training/race.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

constexpr double exact = 1e-10;

std::string scientific(double value) {
  std::ostringstream text;
  text.precision(2);
  text << std::scientific << value;
  return text.str();
}

at::Tensor random(at::IntArrayRef shape, const at::TensorOptions& options, std::uint64_t word) {
  at::Tensor t = at::empty(shape, options);
  fill_gaussian(t, RandomKey::of(7, Stream::test).with(word));
  return t;
}

// A small network with every kind of layer.
NetworkSpec sample_network() {
  LayerSpec body = conv_layer(3, 3, 3, 1), layer_norm = plain_layer("layer_norm"),
            residual = plain_layer("residual");
  residual.body = {body, plain_layer("gelu")};
  layer_norm.features = 10;
  return {
      {2, 6, 6},
      {{conv_layer(2, 3, 3, 1), batch_norm_layer(3), plain_layer("relu"), pool_layer("max_pool2d", 2, 2)},
       {residual, plain_layer("tanh"), pool_layer("avg_pool2d", 3, 3)},
       {plain_layer("flatten"), linear_layer(3, 10), layer_norm, plain_layer("sigmoid"), dropout_layer(0.25)},
       {linear_layer(10, 4)}}};
}

struct Bed {
  explicit Bed(const NetworkSpec& spec, const at::TensorOptions& options, std::int64_t samples)
      : network(spec, options), gradients(network.layout(), options) {
    initialise(network, "xavier", 3);
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

// dfa with one hidden layer and B = W₂ is bp.
CheckLine dfa_with_true_weights(const at::TensorOptions& options) {
  Bed bed({{6}, {{linear_layer(6, 9), plain_layer("tanh")}, {linear_layer(9, 4)}}}, options, 8);
  const std::unique_ptr<Rule> dfa = make_rule(Experiment("dfa"));
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

// n orthonormal directions recover the mean Jacobian exactly (per-layer trace).
CheckLine orthogonal_directions(const at::TensorOptions& options) {
  Bed bed({{6},
           {{linear_layer(6, 5), plain_layer("tanh")},
            {linear_layer(5, 5), plain_layer("tanh")},
            {linear_layer(5, 3)}}},
          options, 4);
  Experiment experiment("grape");
  experiment.set("rule.trace", std::string("per_layer"));
  experiment.set("rule.orthogonal", true);
  experiment.set("rule.directions", std::int64_t{5});
  const std::unique_ptr<Rule> grape = make_rule(experiment);
  grape->attach(bed.network, 1);
  Lesson lesson = bed.lesson();
  SeededDraws draws(1, 1);
  grape->learn(lesson, draws);
  const std::vector<at::Tensor> truth = mean_jacobians(lesson);
  double worst = 0;
  for (std::size_t l = 0; l < truth.size(); ++l)
    worst =
        std::max(worst, at::linalg_vector_norm((*grape->jacobian_estimate())[l] - truth[l]).item<double>() /
                            at::linalg_vector_norm(truth[l]).item<double>());
  return {"as many orthonormal directions as features recover J", worst < exact,
          "largest error " + scientific(worst)};
}

// On a linear network residual alignment converges to the product of the weights above.
CheckLine residual_on_linear(const at::TensorOptions& options) {
  Bed bed({{5}, {{linear_layer(5, 6)}, {linear_layer(6, 6)}, {linear_layer(6, 3)}}}, options, 64);
  Experiment experiment("residual");
  experiment.set("rule.align_rate", 0.9);
  experiment.set("rule.distribution", std::string("gaussian"));
  const std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 1);
  for (int step = 1; step <= 400; ++step) {
    Lesson lesson = bed.lesson();
    SeededDraws draws(1, step);
    rule->learn(lesson, draws);
  }
  const ParameterLayout& layout = bed.network.layout();
  const at::Tensor last = bed.network.values()[layout.slot("3.0.weight")];
  const at::Tensor both = last.matmul(bed.network.values()[layout.slot("2.0.weight")]);
  const double error = std::max(at::linalg_vector_norm((*rule->feedback())[1] - last).item<double>(),
                                at::linalg_vector_norm((*rule->feedback())[0] - both).item<double>());
  return {"residual alignment finds the product of the weights of a linear network", error < 1e-6,
          "error after 400 steps " + scientific(error)};
}

CheckLine repeats(const at::TensorOptions& options) {
  const auto run = [&] {
    Trainer trainer(0, Experiment("grape"),
                    {{6}, {{linear_layer(6, 32), plain_layer("relu")}, {linear_layer(32, 4)}}}, options);
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
  using Check = CheckLine (*)(const at::TensorOptions&);
  const std::vector<std::pair<const char*, Check>> checks = {
      {"transposes", transposes},       {"gradient", gradient_matches_loss},
      {"dfa", dfa_with_true_weights},   {"orthogonal", orthogonal_directions},
      {"residual", residual_on_linear}, {"repeats", repeats}};
  std::vector<CheckLine> lines;
  for (const auto& [name, check] : checks) {
    try {
      lines.push_back(check(options));
    } catch (const std::exception& error) {
      lines.push_back({name, false, error.what()});
    }
  }
  return lines;
}

}  // namespace grapevine
