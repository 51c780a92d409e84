// What must hold for estimates by forward passes and for the matrices that learn from them (learning-rules
// §8), on random networks in float64. A failure prints the seed that repeats it.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>

#include "engine/probes/cosines.h"
#include "tests/rules/bed.h"

namespace grapevine {
namespace {

/// As many features at both points.
NetworkSpec even_mlp(Generator& g) {
  NetworkSpec spec = random_mlp(g, 2, LayerKind::tanh);
  spec.segments[1][0].out = spec.segments[2][0].in = spec.segments[0][0].out;
  return spec;
}

/// One feedback point, behind a convolution.
NetworkSpec small_cnn(Generator& g) {
  const std::int64_t channels = any(g, 1, 2), side = any(g, 3, 4), maps = any(g, 1, 3);
  LayerSpec conv = linear(channels, maps);
  conv.kind = LayerKind::conv2d;
  conv.kernel = 3;
  conv.padding = 1;
  return {{channels, side, side},
          {{conv, layer(LayerKind::tanh)},
           {layer(LayerKind::flatten), linear(maps * side * side, any(g, 2, 5))}}};
}

}  // namespace

class TestEstimates : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void weight_forward_gradients_along_all_axes_add_up_to_bp() {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Generator g(seed);
      Bed bed(seed == 1 ? random_cnn(g) : random_mlp(g, 2, LayerKind::tanh), g, 4);
      auto rule = attached("fg_weight", bed);
      at::Tensor total = at::zeros_like(bed.gradients.flat());
      for (std::int64_t axis = 0; axis < total.numel(); ++axis) {
        WrittenDraws draws;
        draws.direct = [&](const std::string& name, at::Tensor& out) {
          const ParameterInfo& info = bed.network.layout()[bed.network.layout().slot(name)];
          out.zero_();
          if (axis >= info.offset && axis < info.offset + info.count) out.view({-1})[axis - info.offset] = 1;
        };
        Lesson lesson = bed.lesson();
        rule->learn(lesson, draws);
        total += bed.gradients.flat();
      }
      QVERIFY2(relative_error(total, bed.bp_gradients()) < 1e-9, seed_text(seed).c_str());
    }
  }

  void activity_forward_gradients_along_all_axes_add_up_to_bps_signals() {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      Generator g(seed);
      Bed bed(random_mlp(g, 2, LayerKind::tanh), g, any(g, 1, 6));
      auto rule = attached("fg_activity", bed);
      Signals exact_signals;
      bed.bp_gradients(&exact_signals);
      for (int point = 1; point <= bed.network.points(); ++point) {
        at::Tensor total = at::zeros_like(exact_signals[static_cast<std::size_t>(point - 1)]);
        for (std::int64_t axis = 0; axis < bed.network.features(point); ++axis) {
          WrittenDraws draws;
          draws.perturb = [&](int at_point, at::Tensor& out) {
            out.zero_();
            if (at_point == point) out.select(1, axis).fill_(1);
          };
          Lesson lesson = bed.lesson();
          rule->learn(lesson, draws);
          total += rule->signals_of_step()[static_cast<std::size_t>(point - 1)];
        }
        QVERIFY2(relative_error(total, exact_signals[static_cast<std::size_t>(point - 1)]) < exact,
                 seed_text(seed).c_str());
      }
    }
  }

  // §8.3, the per-layer trace: n orthonormal directions give J̄ exactly; k of n give E cos² = k/n for one
  // sample.
  void orthonormal_directions_recover_the_jacobian() {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      Generator g(seed);
      const NetworkSpec spec = seed <= 2 ? small_cnn(g) : even_mlp(g);
      Bed bed(spec, g, any(g, 1, 4));
      const std::int64_t n = bed.network.features(1);
      const std::vector<at::Tensor> truth = [&] {
        Lesson lesson = bed.lesson();
        return mean_jacobians(lesson);
      }();
      for (const char* key : {"grape", "residual", "fdfa", "grape2025"}) {
        auto rule = attached(
            key, bed, {{"trace", "per_layer"}, {"orthogonal", "true"}, {"directions", std::to_string(n)}});
        SeededDraws draws(static_cast<std::int64_t>(seed), 1);
        Lesson lesson = bed.lesson();
        rule->learn(lesson, draws);
        for (std::size_t l = 0; l < truth.size(); ++l)
          QVERIFY2(relative_error((*rule->jacobian_estimate())[l], truth[l]) < exact,
                   (seed_text(seed) + " " + key).c_str());
      }
    }
  }

  void some_orthonormal_directions_see_their_share_of_the_jacobian() {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      Generator g(seed);
      const std::int64_t n = any(g, 8, 14), k = any(g, 1, n - 2);
      Bed bed({{5}, {{linear(5, n), layer(LayerKind::tanh)}, {linear(n, any(g, 2, 5))}}}, g, 1);
      Lesson lesson = bed.lesson();
      const at::Tensor truth = mean_jacobians(lesson)[0];
      auto rule = attached(
          "grape", bed, {{"trace", "per_layer"}, {"orthogonal", "true"}, {"directions", std::to_string(k)}});
      double sum = 0;
      const int draws_made = 1500;
      for (int step = 1; step <= draws_made; ++step) {
        SeededDraws draws(static_cast<std::int64_t>(seed), step);
        rule->learn(lesson, draws);
        const double c = cosine((*rule->jacobian_estimate())[0], truth);
        sum += c * c;
      }
      // cos² of one draw has a deviation below 0.25: five of the mean's are 0.032.
      QVERIFY2(std::abs(sum / draws_made - static_cast<double>(k) / static_cast<double>(n)) < 0.032,
               seed_text(seed).c_str());
    }
  }

  // §8.5, by the rule's own estimates: Gaussian, one draw, per-layer trace, one sample.
  void the_mean_cosine_of_an_estimate_keeps_equation_4() {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      Generator g(seed);
      Bed bed(seed == 1 ? small_cnn(g) : random_mlp(g, 2, LayerKind::tanh), g, 1);
      Lesson lesson = bed.lesson();
      const std::vector<at::Tensor> truth = mean_jacobians(lesson);
      auto rule = attached("grape", bed, {{"trace", "per_layer"}, {"distribution", "gaussian"}});
      std::vector<double> sum(truth.size());
      const int draws_made = 1500;
      for (int step = 1; step <= draws_made; ++step) {
        SeededDraws draws(static_cast<std::int64_t>(seed), step);
        rule->learn(lesson, draws);
        for (std::size_t l = 0; l < truth.size(); ++l)
          sum[l] += cosine((*rule->jacobian_estimate())[l], truth[l]);
      }
      for (std::size_t l = 0; l < truth.size(); ++l) {
        // For one class the bound is the expectation: its estimate may lie below by chance.
        const double slack = truth[l].size(0) == 1 ? 5 * 0.5 / std::sqrt(draws_made) : 0;
        QVERIFY2(sum[l] / draws_made >= eq4_bound(truth[l]) - slack, seed_text(seed).c_str());
        QVERIFY2(sum[l] / draws_made < 3 * eq4_bound(truth[l]), seed_text(seed).c_str());
      }
    }
  }

  void orthogonal_directions_beyond_the_features_are_refused() {
    Generator g(8);
    Bed bed({{5}, {{linear(5, 6), layer(LayerKind::tanh)}, {linear(6, 3)}}}, g, 2);
    bool refused = false;
    try {
      attached("grape", bed, {{"orthogonal", "true"}, {"directions", "7"}});
    } catch (const InputError& error) {
      refused = std::string(error.what()).find("rule.directions") != std::string::npos;
    }
    QVERIFY(refused);
  }

  // §8.4: on a linear network both converge to the product of the weights above.
  void residual_and_fdfa_find_the_product_of_the_weights_data() {
    QTest::addColumn<int>("seed");
    for (int seed : {9, 10, 11}) QTest::addRow("seed %d", seed) << seed;
  }

  void residual_and_fdfa_find_the_product_of_the_weights() {
    QFETCH(int, seed);
    Generator g(static_cast<std::uint64_t>(seed));
    Bed bed(random_mlp(g, 3), g, 64);
    const auto product_above = [&](int point) {
      at::Tensor p = bed.network.values()[bed.network.layout().slot(std::to_string(point + 1) + ".0.weight")];
      for (int l = point + 2; l <= bed.network.segments(); ++l)
        p = bed.network.values()[bed.network.layout().slot(std::to_string(l) + ".0.weight")].mm(p);
      return p;
    };
    for (const char* trace : {"shared", "per_layer"}) {
      auto residual = attached("residual", bed, {{"trace", trace}});
      for (int step = 1; step <= 1500; ++step) {
        SeededDraws draws(2, step);
        Lesson lesson = bed.lesson();
        residual->learn(lesson, draws);
      }
      for (int l = 1; l <= bed.network.points(); ++l)
        QVERIFY2(
            relative_error((*residual->feedback())[static_cast<std::size_t>(l - 1)], product_above(l)) < 1e-8,
            trace);
    }
    // FDFA's noise stays: a running mean over about 1/lr steps of 64 samples.
    auto fdfa = attached("fdfa", bed,
                         {{"trace", "per_layer"}, {"feedback_optimizer", "sgd"}, {"feedback_lr", "0.001"}});
    for (int step = 1; step <= 3000; ++step) {
      SeededDraws draws(2, step);
      Lesson lesson = bed.lesson();
      fdfa->learn(lesson, draws);
      fdfa->after_update(lesson, draws);
    }
    for (int l = 1; l <= bed.network.points(); ++l)
      QVERIFY(relative_error((*fdfa->feedback())[static_cast<std::size_t>(l - 1)], product_above(l)) < 0.1);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestEstimates)
#include "test_estimates.moc"
