// Random numbers, feedback matrices, the estimate and the cosine step against their definitions.
#include <ATen/Parallel.h>

#include <QtTest>
#include <cmath>

#include "engine/error.h"
#include "engine/feedback/cosine_step.h"
#include "engine/feedback/estimate.h"
#include "engine/feedback/matrices.h"
#include "engine/probes/cosines.h"
#include "engine/random/random_kernels.h"
#include "engine/random/random_tensor.h"
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

// learning-rules §3, step 4, a column at a time with plain loops.
void plain_cosine_step(std::vector<std::vector<double>>& b, std::vector<std::vector<double>>& v,
                       std::vector<double>& m, const std::vector<std::vector<double>>& j,
                       const CosineStep& step) {
  const std::size_t classes = b.size(), n = b[0].size();
  double before = 0, after = 0;
  for (const auto& row : b)
    for (double value : row) before += value * value;
  for (std::size_t k = 0; k < n; ++k) {
    double bb = 0, jj = 0, bj = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      bb += b[c][k] * b[c][k];
      jj += j[c][k] * j[c][k];
      bj += b[c][k] * j[c][k];
    }
    if (jj == 0) continue;
    const double nb = std::sqrt(bb), nj = std::sqrt(jj);
    double length = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      double g = -(j[c][k] / (nb * nj) - bj * b[c][k] / (nb * nb * nb * nj));
      if (step.mean) g /= static_cast<double>(n);
      v[c][k] = step.momentum * v[c][k] + g;
      b[c][k] -= step.rate * v[c][k];
      length += b[c][k] * b[c][k];
    }
    length = std::sqrt(length);
    double target = length;
    if (step.norm == ColumnNorm::column) target = 1;
    if (step.norm == ColumnNorm::jacobian) {
      m[k] = m[k] > 0 ? 0.99 * m[k] + 0.01 * nj : nj;
      target = m[k];
    }
    for (std::size_t c = 0; c < classes; ++c) b[c][k] *= target / length;
  }
  if (step.norm != ColumnNorm::frobenius) return;
  for (const auto& row : b)
    for (double value : row) after += value * value;
  for (auto& row : b)
    for (double& value : row) value *= std::sqrt(before / after);
}

std::vector<std::vector<double>> rows_of(const at::Tensor& t) {
  std::vector<std::vector<double>> rows;
  for (std::int64_t c = 0; c < t.size(0); ++c) {
    rows.emplace_back();
    for (std::int64_t k = 0; k < t.size(1); ++k) rows.back().push_back(t[c][k].item<double>());
  }
  return rows;
}

at::Tensor tensor_of(const std::vector<std::vector<double>>& rows) {
  at::Tensor t =
      at::empty({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows[0].size())}, f64);
  for (std::size_t c = 0; c < rows.size(); ++c)
    for (std::size_t k = 0; k < rows[c].size(); ++k)
      t[static_cast<std::int64_t>(c)][static_cast<std::int64_t>(k)] = rows[c][k];
  return t;
}

}  // namespace

class TestFeedback : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void draws_depend_on_their_key_alone() {
    for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
      at::Tensor a = at::empty({100001}, at::TensorOptions().dtype(type)), b = at::empty_like(a);
      const RandomKey key = RandomKey::of(7, Stream::perturbation).with(3);
      for (auto fill : {fill_rademacher, fill_gaussian}) {
        at::set_num_threads(1);
        fill(a, key);
        at::set_num_threads(2);
        fill(b, key);
        at::set_num_threads(1);
        QVERIFY(at::equal(a, b));  // not on the number of threads
        fill(b, key.with(1));
        QVERIFY(!at::equal(a, b));
        fill(b, RandomKey::of(8, Stream::perturbation).with(3));
        QVERIFY(!at::equal(a, b));
        fill(b, RandomKey::of(7, Stream::feedback).with(3));
        QVERIFY(!at::equal(a, b));
      }
    }
  }

  // Bounds are five deviations of the estimates.
  void draws_have_their_distributions_moments() {
    const std::int64_t n = 1000000;
    at::Tensor t = at::empty({n}, f64);
    fill_rademacher(t, RandomKey::of(1, Stream::test));
    QVERIFY(t.abs().eq(1).all().item<bool>());
    QVERIFY(std::abs(t.mean().item<double>()) < 0.005);
    QVERIFY(std::abs((t.narrow(0, 0, n - 1) * t.narrow(0, 1, n - 1)).mean().item<double>()) < 0.005);
    fill_gaussian(t, RandomKey::of(2, Stream::test));
    QVERIFY(std::abs(t.mean().item<double>()) < 0.005);
    QVERIFY(std::abs(t.square().mean().item<double>() - 1) < 0.0071);
    QVERIFY(std::abs(t.pow(4).mean().item<double>() - 3) < 0.05);
    QVERIFY(std::abs((t.narrow(0, 0, n - 1) * t.narrow(0, 1, n - 1)).mean().item<double>()) < 0.005);
    fill_uniform(t, RandomKey::of(3, Stream::test), -2, 4);
    QVERIFY(t.min().item<double>() >= -2 && t.max().item<double>() < 4);
    QVERIFY(std::abs(t.mean().item<double>() - 1) < 0.0087);
    QVERIFY(std::abs(t.var().item<double>() - 3) < 0.014);
  }

  // Box and Muller's formula, as the header states it, in double precision from the key's words.
  void normal_draws_are_the_formula_s() {
    const std::int64_t n = 300001;
    const RandomKey key = RandomKey::of(11, Stream::test);
    at::Tensor single = at::empty({n}, at::kFloat), wide = at::empty({n}, f64);
    fill_gaussian(single, key);
    fill_gaussian(wide, key);
    QVERIFY(at::equal(single.to(at::kDouble), wide));
    double worst = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t block = i / normal_block, place = i % normal_block;
      const std::uint64_t word = key.word(static_cast<std::uint64_t>(64 * block + place % 64));
      const double u = (static_cast<float>(word >> 33) + 0.5f) * 0x1p-31f;
      const double v = static_cast<float>(static_cast<std::int32_t>(word & 0xffffffffu)) * 0x1p-32f;
      const double turn = 2 * std::acos(-1.0) * v, radius = std::sqrt(-2 * std::log(u));
      const double expected = radius * (place < 64 ? std::cos(turn) : std::sin(turn));
      worst = std::max(worst, std::abs(expected - wide[i].item<double>()));
    }
    QVERIFY2(worst < 4e-6, qPrintable(QString::number(worst)));
  }

  // Against the normal distribution's own shape: the largest distance of the two cumulated ones (Kolmogorov
  // and Smirnov) has probability 1e-5 to exceed 2.47/√n; tails within five deviations of their counts.
  void normal_draws_have_the_distribution() {
    const std::int64_t n = 1000000;
    at::Tensor t = at::empty({n}, f64);
    fill_gaussian(t, RandomKey::of(13, Stream::test));
    const at::Tensor sorted = std::get<0>(t.sort());
    const at::Tensor expected = (1 + at::erf(sorted / std::sqrt(2.0))) / 2;
    const at::Tensor ranks = (at::arange(n, f64) + 0.5) / static_cast<double>(n);
    const double distance = (expected - ranks).abs().max().item<double>();
    QVERIFY2(distance < 2.47 / std::sqrt(static_cast<double>(n)), qPrintable(QString::number(distance)));
    for (const double bound : {2.0, 3.0, 4.0}) {
      const double mean = static_cast<double>(n) * std::erfc(bound / std::sqrt(2.0));
      const double count = static_cast<double>(t.abs().gt(bound).sum().item<std::int64_t>());
      QVERIFY2(std::abs(count - mean) < 5 * std::sqrt(mean), qPrintable(QString::number(count)));
    }
    // The two numbers of a word are as independent as any.
    const at::Tensor pairs = t.narrow(0, 0, n / 128 * 128).view({-1, 2, 64});
    QVERIFY(std::abs((pairs.select(1, 0) * pairs.select(1, 1)).mean().item<double>()) < 0.0071);
    QVERIFY(std::abs((pairs.select(1, 0).square() * pairs.select(1, 1).square()).mean().item<double>() - 1) <
            0.0213);  // the variance of x²y² − 1 is 8
  }

  void single_precision_uniforms_are_the_double_ones() {
    const std::int64_t n = 300001;
    at::Tensor single = at::empty({n}, at::kFloat), exact = at::empty({n}, f64);
    const RandomKey key = RandomKey::of(11, Stream::test);
    fill_uniform(single, key, -0.25, 0.75);
    fill_uniform(exact, key, -0.25, 0.75);
    QVERIFY((single.to(at::kDouble) - exact).abs().max().item<double>() < 1e-7);
    fill_dropout_mask(single, key, 0.3);
    fill_dropout_mask(exact, key, 0.3);
    QVERIFY(at::allclose(single.to(at::kDouble), exact, 1e-6));
  }

  // What another device would compute is run here on the host, which both know.
  void draws_in_tensor_operations_are_the_host_s() {
    const RandomKey key = RandomKey::of(14, Stream::test);
    for (const at::ScalarType type : {at::kFloat, at::kDouble})
      for (const std::int64_t count : {0, 1, 63, 64, 127, 1000, 70000}) {
        at::Tensor a = at::empty({count}, type), b = at::empty({count}, type);
        fill_rademacher(a, key);
        draw_signs(b, key);
        QVERIFY(at::equal(a, b));
        fill_uniform(a, key, -0.5, 0.25);
        draw_uniform(b, key, -0.5, 0.25);
        QVERIFY(at::equal(a, b));
        fill_gaussian(a, key);
        draw_normals(b, key);
        QVERIFY(at::allclose(a, b, 0, 1e-5));
      }
    at::Tensor grid = at::empty({3, 5, 7}, at::kFloat), same = at::empty({3, 5, 7}, at::kFloat);
    fill_rademacher(grid, key);
    draw_signs(same, key);
    QVERIFY(at::equal(grid, same));
  }

  // Every count's end gives the numbers of the whole: the vector loop has its remainder.
  void a_shorter_draw_is_the_longer_one_s_beginning() {
    at::Tensor whole = at::empty({400}, at::kFloat), units = at::empty({400}, at::kFloat);
    const RandomKey key = RandomKey::of(12, Stream::test);
    fill_gaussian(whole, key);
    fill_uniform(units, key, 0, 1);
    for (std::int64_t count : {0, 1, 5, 8, 63, 64, 65, 127, 128, 129, 255, 257, 399}) {
      at::Tensor part = at::empty({count}, at::kFloat);
      fill_gaussian(part, key);
      QVERIFY(at::equal(part, whole.narrow(0, 0, count)));
      fill_uniform(part, key, 0, 1);
      QVERIFY(at::equal(part, units.narrow(0, 0, count)));
    }
  }

  void matrices_start_as_their_scheme_says() {
    at::Tensor b = at::empty({10, 5000}, f64);
    const RandomKey key = RandomKey::of(4, Stream::test);
    const auto bounded = [&](double bound) {
      return b.abs().max().item<double>() <= bound && b.abs().max().item<double>() > 0.99 * bound;
    };
    initialise_feedback(b, FeedbackInit::normal, key);
    QVERIFY(std::abs(b.var().item<double>() - 1) < 0.032);
    initialise_feedback(b, FeedbackInit::kaiming, key);
    QVERIFY(std::abs(b.var().item<double>() - 0.2) < 0.0064);
    initialise_feedback(b, FeedbackInit::uniform, key);
    QVERIFY(bounded(1 / std::sqrt(5000.0)));
    initialise_feedback(b, FeedbackInit::xavier, key);
    QVERIFY(bounded(std::sqrt(6.0 / 5010)));
    initialise_feedback(b, FeedbackInit::zero, key);
    QVERIFY(b.eq(0).all().item<bool>());
  }

  void a_shared_matrix_is_sliced() {
    Network network(mlp, f64);
    const auto own = make_feedback(network, FeedbackInit::normal, false, 1),
               shared = make_feedback(network, FeedbackInit::normal, true, 1);
    QVERIFY(at::equal(shared[1], shared[0].narrow(1, 0, 7)));
    QVERIFY(!at::equal(own[1], own[0].narrow(1, 0, 7)));
  }

  void a_cosine_step_is_the_formula_for_every_norm() {
    for (const ColumnNorm norm :
         {ColumnNorm::column, ColumnNorm::frobenius, ColumnNorm::jacobian, ColumnNorm::none})
      for (const bool mean : {false, true})
        for (const at::ScalarType type : {at::kDouble, at::kFloat}) {
          CosineStep step;
          step.rate = 0.2;
          step.norm = norm;
          step.mean = mean;
          auto b = rows_of(noise({4, 11}, 5)), v = rows_of(noise({4, 11}, 6) * 0.3);
          std::vector<double> m(11, 0);
          at::Tensor tb = tensor_of(b).to(type), tv = tensor_of(v).to(type),
                     scale = at::zeros({1, 11}, at::TensorOptions().dtype(type));
          for (int round = 0; round < 4; ++round) {
            at::Tensor j = noise({4, 11}, 10 + round);
            j.select(1, 3).zero_();  // a column without an estimate
            plain_cosine_step(b, v, m, rows_of(j), step);
            cosine_step(tb, tv, scale, j.to(type), step);
          }
          const double tolerance = type == at::kDouble ? 1e-12 : 2e-6;
          QVERIFY(error_of(tb.to(at::kDouble), tensor_of(b)) < tolerance);
          QVERIFY(error_of(tv.to(at::kDouble), tensor_of(v)) < tolerance);
        }
  }

  void a_column_without_an_estimate_keeps_its_momentum_too() {
    at::Tensor b = noise({3, 5}, 7), v = noise({3, 5}, 8), scale = at::zeros({1, 5}, f64),
               j = noise({3, 5}, 9);
    j.select(1, 2).zero_();
    const at::Tensor b2 = b.select(1, 2).clone(), v2 = v.select(1, 2).clone();
    cosine_step(b, v, scale, j, CosineStep{});
    QVERIFY(at::equal(b.select(1, 2), b2));
    QVERIFY(at::equal(v.select(1, 2), v2));
    QVERIFY(std::abs(at::linalg_vector_norm(b.select(1, 0)).item<double>() - 1) < 1e-12);
  }

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
    LayerSpec conv = linear(2, 3), norm = layer("batch_norm2d"), pool = layer("max_pool2d"),
              drop = layer("dropout");
    conv.type = "conv2d";
    conv.kernel = 3;
    conv.padding = 1;
    norm.features = 3;
    pool.kernel = pool.stride = 2;
    drop.rate = 0.5;
    LayerSpec second = conv;
    second.in = 3;
    Bed bed({{2, 4, 4},
             {{conv, layer("relu")},
              {second, norm, layer("relu"), pool},
              {layer("flatten"), linear(12, 8), drop},
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
    conv.type = "conv2d";
    conv.kernel = 3;
    conv.padding = 1;  // 36 weights against 4·64 activations
    Bed bed({{1, 8, 8}, {{conv, layer("tanh")}, {layer("flatten"), linear(256, 3)}}}, 16);
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
      spec.type = "conv2d";
      spec.kernel = 3;
      spec.padding = 1;
      return spec;
    };
    LayerSpec pool = layer("max_pool2d"), norm = layer("batch_norm2d");
    pool.kernel = pool.stride = 2;
    norm.features = 2;
    for (const bool shared : {true, false})
      for (const LayerSpec& last : {layer("tanh"), pool, norm}) {
        const std::int64_t side = last.type == "max_pool2d" ? 8 : 16;
        const NetworkSpec spec{{1, 16, 16},
                               {{conv(1, 4), layer("tanh")},
                                {conv(4, 2), last},
                                {conv(2, 2), layer("tanh")},
                                {layer("flatten"), linear(2 * side * side, 3)}}};
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
            QVERIFY2(at::equal(*trace.perturbations[i], t.flatten(1)), last.type.c_str());
            for (int above = point + 1; above <= apart.network.segments(); ++above)
              t = apart.network.tangent(above, t, apart.tape);
            sum += t;
          }
          QVERIFY2(error_of(sum, z_dot) < 1e-12, last.type.c_str());
        });
        QCOMPARE(traces, shared ? 1 : 3);
      }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestFeedback)
#include "test_feedback.moc"
