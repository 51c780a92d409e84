// Estimates by forward passes, their bounds, and the matrices that learn from them.
#include <memory>

#include "engine/checks/self_test_bed.h"
#include "engine/experiment/entry_keys.h"
#include "engine/feedback/estimate.h"
#include "engine/probes/cosines.h"
#include "engine/probes/jacobian.h"

namespace grapevine {
namespace {

// n orthonormal directions recover the mean Jacobian exactly (per-layer trace).
CheckLine orthogonal_directions(const at::TensorOptions& options) {
  Bed bed({{6},
           {{linear_layer(6, 5), plain_layer(LayerKind::tanh)},
            {linear_layer(5, 5), plain_layer(LayerKind::tanh)},
            {linear_layer(5, 3)}}},
          options, 4);
  Experiment experiment(rule_keys::grape);
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
    worst = std::max(worst, relative_error((*grape->jacobian_estimate())[l], truth[l]));
  return {"as many orthonormal directions as features recover J", worst < exact,
          "largest error " + scientific(worst)};
}

/// The mean of `quantity` of one step's estimate over many draws.
template <class Quantity>
double mean_over_draws(Bed& bed, const Experiment& experiment, int draws_made, const Quantity& quantity) {
  const std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 1);
  double sum = 0;
  for (int step = 1; step <= draws_made; ++step) {
    SeededDraws draws(1, step);
    Lesson lesson = bed.lesson();
    rule->learn(lesson, draws);
    sum += quantity((*rule->jacobian_estimate())[0]);
  }
  return sum / draws_made;
}

Experiment estimating(const char* distribution, std::int64_t orthogonal_directions = 0) {
  Experiment experiment(rule_keys::grape);
  experiment.set("rule.trace", std::string("per_layer"));
  experiment.set("rule.distribution", std::string(distribution));
  experiment.set("rule.orthogonal", orthogonal_directions > 0);
  if (orthogonal_directions > 0) experiment.set("rule.directions", orthogonal_directions);
  return experiment;
}

// k of n orthonormal directions: E cos² = k/n, for one sample. One draw's cos² deviates by less than 0.25:
// five deviations of the mean are the margin.
CheckLine share_of_directions(const at::TensorOptions& options) {
  constexpr int draws_made = 600, n = 10, k = 4;
  Bed bed({{5}, {{linear_layer(5, n), plain_layer(LayerKind::tanh)}, {linear_layer(n, 3)}}}, options, 1);
  Lesson lesson = bed.lesson();
  const at::Tensor truth = mean_jacobians(lesson)[0];
  const double mean =
      mean_over_draws(bed, estimating("rademacher", k), draws_made, [&](const at::Tensor& estimate) {
        const double c = cosine(estimate, truth);
        return c * c;
      });
  const double margin = 5 * 0.25 / std::sqrt(draws_made), wanted = static_cast<double>(k) / n;
  return {"4 of 10 orthonormal directions see 4/10 of J: mean cos²", std::abs(mean - wanted) < margin,
          scientific(mean) + " ± " + scientific(margin)};
}

// Eq. 4: Gaussian draws, one sample, one trace per layer. With several classes the mean lies above the bound
// itself.
CheckLine equation_4(const at::TensorOptions& options) {
  constexpr int draws_made = 600;
  Bed bed({{5}, {{linear_layer(5, 9), plain_layer(LayerKind::tanh)}, {linear_layer(9, 4)}}}, options, 1);
  Lesson lesson = bed.lesson();
  const at::Tensor truth = mean_jacobians(lesson)[0];
  const double mean = mean_over_draws(bed, estimating("gaussian"), draws_made,
                                      [&](const at::Tensor& estimate) { return cosine(estimate, truth); });
  const double bound = eq4_bound(truth);
  return {"an estimate's mean cosine with J keeps eq. 4's bound", mean >= bound,
          scientific(mean) + " of at least " + scientific(bound)};
}

// Lemma B.2, for any three matrices.
CheckLine lemma_b2(const at::TensorOptions& options) {
  double least = 1;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const at::Tensor j = random({3, 4}, options, 100 + 3 * i);
    const at::Tensor estimate = j + random({3, 4}, options, 101 + 3 * i) * (0.01 * static_cast<double>(i));
    const at::Tensor b =
        estimate + random({3, 4}, options, 102 + 3 * i) * (0.02 * static_cast<double>(i % 50));
    const double bound = lemma_b2_bound(cosine(b, estimate), cosine(estimate, j));
    least = std::min(least, cosine(b, j) - bound);
  }
  return {"cos(B, J) keeps lemma B.2's bound", least >= -exact, "smallest room " + scientific(least)};
}

double product_error(const Bed& bed, Rule& rule) {
  const ParameterLayout& layout = bed.network.layout();
  const at::Tensor last = bed.network.values()[layout.slot("3.0.weight")];
  const at::Tensor both = last.matmul(bed.network.values()[layout.slot("2.0.weight")]);
  return std::max(relative_error((*rule.feedback())[1], last), relative_error((*rule.feedback())[0], both));
}

NetworkSpec linear_network() {
  return {{5}, {{linear_layer(5, 6)}, {linear_layer(6, 6)}, {linear_layer(6, 3)}}};
}

// On a linear network residual alignment converges to the product of the weights above.
CheckLine residual_on_linear(const at::TensorOptions& options) {
  Bed bed(linear_network(), options, 64);
  Experiment experiment(rule_keys::residual);
  experiment.set("rule.align_rate", 0.9);
  experiment.set("rule.distribution", std::string("gaussian"));
  const std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 1);
  for (int step = 1; step <= 400; ++step) {
    Lesson lesson = bed.lesson();
    SeededDraws draws(1, step);
    rule->learn(lesson, draws);
  }
  const double error = product_error(bed, *rule);
  return {"residual alignment finds the product of the weights of a linear network", error < 1e-6,
          "error after 400 steps " + scientific(error)};
}

// FDFA too, but its noise stays: a running mean over about 1/rate steps of 64 samples.
CheckLine fdfa_on_linear(const at::TensorOptions& options) {
  Bed bed(linear_network(), options, 64);
  Experiment experiment(rule_keys::fdfa);
  experiment.set("rule.trace", std::string("per_layer"));
  experiment.set("rule.feedback_optimizer", std::string("sgd"));
  experiment.set("rule.feedback_lr", 0.004);
  const std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 1);
  for (int step = 1; step <= 1500; ++step) {
    Lesson lesson = bed.lesson();
    SeededDraws draws(1, step);
    rule->learn(lesson, draws);
    rule->after_update(lesson, draws);
  }
  const double error = product_error(bed, *rule);
  return {"FDFA comes near the product of the weights of a linear network", error < 0.15,
          "error after 1,500 steps " + scientific(error)};
}

}  // namespace

std::vector<CheckLine (*)(const at::TensorOptions&)> checks_of_estimates() {
  return {orthogonal_directions, share_of_directions, equation_4, lemma_b2,
          residual_on_linear,    fdfa_on_linear};
}

}  // namespace grapevine
