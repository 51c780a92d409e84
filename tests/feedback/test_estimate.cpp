// The estimate of the Jacobians by forward-mode traces against its definition.
#include <ATen/Parallel.h>

#include <QtTest>
#include <cmath>

#include "engine/error.h"
#include "engine/feedback/estimate.h"
#include "engine/probes/cosines.h"
#include "tests/nn/bed.h"

namespace grapevine {
namespace {

struct Bed : ForwardBed {
  Bed(const NetworkSpec& spec, std::int64_t samples) : ForwardBed(spec, training_pass(), samples, 0.5) {}
};

const NetworkSpec& mlp = tanh_mlp;

std::vector<at::Tensor> estimate(Bed& bed, EstimateSettings settings, std::int64_t step) {
  JacobianEstimator estimator(settings);
  estimator.attach(bed.network);
  Lesson lesson = bed.lesson();
  SeededDraws draws(3, step);
  std::vector<at::Tensor> sums(static_cast<std::size_t>(bed.network.points()));
  estimator.run(lesson, draws, [&](const Trace& trace) {
    for (std::size_t i = 0; i < trace.points.size(); ++i) {
      at::Tensor& sum = sums[static_cast<std::size_t>(trace.points[i] - 1)];
      const at::Tensor product = trace.z_dot.t().mm(*trace.perturbations[i]);
      sum = sum.defined() ? sum + product : product;
    }
  });
  for (auto& sum : sums) sum = sum / static_cast<double>(bed.x.size(0) * settings.directions);
  return sums;
}

double error_of(const at::Tensor& a, const at::Tensor& b) {
  return (at::linalg_vector_norm(a - b) / at::linalg_vector_norm(b)).item<double>();
}

}  // namespace

class TestEstimate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // E Ĵ = J̄: the mean over many steps comes near, at the rate of independent draws.
  void the_estimate_is_unbiased() {
    Bed bed(mlp, 8);
    Lesson lesson = bed.lesson();
    const std::vector<at::Tensor> truth = mean_jacobians(lesson);
    for (const bool shared : {true, false})
      for (const bool gaussian : {true, false}) {
        EstimateSettings settings;
        settings.shared_trace = shared;
        settings.gaussian = gaussian;
        std::vector<at::Tensor> mean(2);
        const int rounds = 4000;
        for (int step = 1; step <= rounds; ++step) {
          const auto one = estimate(bed, settings, step);
          for (std::size_t l = 0; l < 2; ++l) mean[l] = mean[l].defined() ? mean[l] + one[l] : one[l];
        }
        for (std::size_t l = 0; l < 2; ++l) QVERIFY(error_of(mean[l] / rounds, truth[l]) < 0.1);
      }
  }

  void several_directions_average_single_ones() {
    Bed bed(mlp, 6);
    EstimateSettings many;
    many.directions = 16;
    Lesson lesson = bed.lesson();
    const std::vector<at::Tensor> truth = mean_jacobians(lesson);
    double one = 0, sixteen = 0;
    for (int step = 1; step <= 60; ++step) {
      one += std::pow(error_of(estimate(bed, {}, step)[0], truth[0]), 2);
      sixteen += std::pow(error_of(estimate(bed, many, step)[0], truth[0]), 2);
    }
    QVERIFY(std::abs(one / sixteen / 16 - 1) < 0.4);  // the mean square error falls as 1/K
  }

  // (f(h + εp) − f(h))/ε is the tangent up to ε, central differences up to ε².
  void the_finite_difference_approaches_the_tangent() {
    Bed bed(mlp, 6);
    const at::Tensor exact = estimate(bed, {}, 1)[0];
    EstimateSettings forward, smaller, central;
    forward.double_forward = smaller.double_forward = central.double_forward = true;
    forward.epsilon = central.epsilon = 1e-3;
    smaller.epsilon = 1e-4;
    central.central = true;
    const double e3 = error_of(estimate(bed, forward, 1)[0], exact),
                 e4 = error_of(estimate(bed, smaller, 1)[0], exact);
    QVERIFY(e3 > 0 && e3 < 1e-2);
    QVERIFY(e4 > e3 / 20 && e4 < e3 / 5);
    QVERIFY(error_of(estimate(bed, central, 1)[0], exact) < 1e-5);
  }

  void the_tangent_pass_differentiates_the_network_as_it_ran() {
    LayerSpec conv = linear(2, 3), norm = layer(LayerKind::batch_norm2d), pool = layer(LayerKind::max_pool2d),
              drop = layer(LayerKind::dropout);
    conv.kind = LayerKind::conv2d;
    conv.kernel = 3;
    conv.padding = 1;
    norm.features = 3;
    pool.kernel = pool.stride = 2;
    drop.rate = 0.5;
    LayerSpec second = conv;
    second.in = 3;
    Bed bed({{2, 4, 4},
             {{conv, layer(LayerKind::relu)},
              {second, norm, layer(LayerKind::relu), pool},
              {layer(LayerKind::flatten), linear(12, 8), drop},
              {linear(8, 3)}}},
            5);
    std::vector<at::Tensor> before;
    for (const auto& [name, state] : bed.network.states()) before.push_back(state.clone());
    EstimateSettings central;
    central.double_forward = central.central = true;
    central.epsilon = 1e-6;
    const auto tangents = estimate(bed, {}, 1), differences = estimate(bed, central, 1);
    for (std::size_t l = 0; l < 3; ++l) QVERIFY(error_of(differences[l], tangents[l]) < 1e-5);
    std::size_t i = 0;
    for (const auto& [name, state] : bed.network.states()) QVERIFY(at::equal(state, before[i++]));
  }

  // space = smaller: the estimate's mean is J̄ Σ with Σ positive definite, so that it points J̄'s way.
  void weight_perturbations_still_point_along_the_jacobian() {
    LayerSpec conv = linear(1, 4);
    conv.kind = LayerKind::conv2d;
    conv.kernel = 3;
    conv.padding = 1;  // 36 weights against 4·64 activations
    Bed bed({{1, 8, 8}, {{conv, layer(LayerKind::tanh)}, {layer(LayerKind::flatten), linear(256, 3)}}}, 16);
    EstimateSettings smaller;
    smaller.space_smaller = true;
    Lesson lesson = bed.lesson();
    const at::Tensor truth = mean_jacobians(lesson)[0];
    at::Tensor mean;
    for (int step = 1; step <= 400; ++step) {
      const at::Tensor one = estimate(bed, smaller, step)[0];
      mean = mean.defined() ? mean + one : one;
    }
    QVERIFY(cosine(mean, truth) > 0.2);
  }

  // What the trace hands over are the perturbations as drawn, whatever layer they came from, and ż is the sum
  // of what each alone does to z: none was overwritten on the way up.
  void weight_perturbations_outlive_the_tangent_pass() {
    const auto conv = [](std::int64_t in, std::int64_t out) {
      LayerSpec spec = linear(in, out);
      spec.kind = LayerKind::conv2d;
      spec.kernel = 3;
      spec.padding = 1;
      return spec;
    };
    LayerSpec pool = layer(LayerKind::max_pool2d), norm = layer(LayerKind::batch_norm2d);
    pool.kernel = pool.stride = 2;
    norm.features = 2;
    for (const bool shared : {true, false})
      for (const LayerSpec& last : {layer(LayerKind::tanh), pool, norm}) {
        const std::int64_t side = last.kind == LayerKind::max_pool2d ? 8 : 16;
        const NetworkSpec spec{{1, 16, 16},
                               {{conv(1, 4), layer(LayerKind::tanh)},
                                {conv(4, 2), last},
                                {conv(2, 2), layer(LayerKind::tanh)},
                                {layer(LayerKind::flatten), linear(2 * side * side, 3)}}};
        Bed bed(spec, 4), apart(spec, 4);
        EstimateSettings smaller;
        smaller.space_smaller = true;
        smaller.shared_trace = shared;
        JacobianEstimator estimator(smaller);
        estimator.attach(bed.network);
        Lesson lesson = bed.lesson();
        SeededDraws draws(1, 1);
        int traces = 0;
        estimator.run(lesson, draws, [&](const Trace& trace) {
          ++traces;
          const at::Tensor z_dot = trace.z_dot.clone();
          at::Tensor sum = at::zeros_like(z_dot);
          for (std::size_t i = 0; i < trace.points.size(); ++i) {
            const int point = trace.points[i];
            const RandomKey key =
                draws.key(Stream::perturbation).with(static_cast<std::uint64_t>(point)).with(0);
            const auto l = static_cast<std::size_t>(point - 1);
            at::Tensor t = apart.network.segment(point).induced_tangent(key, apart.tape.segments[l]).clone();
            QVERIFY2(at::equal(*trace.perturbations[i], t.flatten(1)), layer_name(last.kind));
            for (int above = point + 1; above <= apart.network.segments(); ++above)
              t = apart.network.tangent(above, t, apart.tape);
            sum += t;
          }
          QVERIFY2(error_of(sum, z_dot) < 1e-12, layer_name(last.kind));
        });
        QCOMPARE(traces, shared ? 1 : 3);
      }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestEstimate)
#include "test_estimate.moc"
