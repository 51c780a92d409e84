// Random numbers against their keys, their formulas and their distributions.
#include <ATen/Parallel.h>

#include <QtTest>
#include <cmath>

#include "engine/error.h"
#include "engine/feedback/estimate.h"
#include "engine/probes/cosines.h"
#include "engine/random/random_kernels.h"
#include "engine/random/random_tensor.h"
#include "tests/nn/bed.h"

namespace grapevine {

class TestDraws : public QObject {
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
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestDraws)
#include "test_draws.moc"
