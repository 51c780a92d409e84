// Feedback matrices made of fewer numbers, against the dense formulas in float64: what a structure is.
#include <QtTest>

#include "tests/feedback/structured.h"

namespace grapevine {

class TestStructures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void per_channel_is_one_number_a_class_and_channel() {
    const Case one = cases()[1];
    const at::Tensor values = one.some_values(3);
    QCOMPARE(values.sizes(), at::IntArrayRef({4, 3}));
    const at::Tensor dense = one.structure().expand(values).view({4, 3, 5, 7});
    QVERIFY(at::equal(dense, values.view({4, 3, 1, 1}).expand({4, 3, 5, 7})));
  }

  // Cell i of g begins at ⌊iL/g⌋: sizes differ by at most one, and none is empty.
  void a_grid_is_constant_in_cells_of_even_size() {
    const Case one = cases()[2];
    const at::Tensor values = one.some_values(3);
    QCOMPARE(values.sizes(), at::IntArrayRef({4, 2 * 9}));
    const at::Tensor cells = values.view({4, 2, 3, 3});
    const at::Tensor dense = one.structure().expand(values).view({4, 2, 5, 7});
    const int row_cell[5] = {0, 1, 1, 2, 2}, column_cell[7] = {0, 0, 1, 1, 2, 2, 2};
    for (int y = 0; y < 5; ++y)
      for (int x = 0; x < 7; ++x)
        QVERIFY(at::equal(dense.select(2, y).select(2, x),
                          cells.select(2, row_cell[y]).select(2, column_cell[x])));
    for (std::int64_t length = 1; length < 40; ++length)
      for (std::int64_t g = 1; g < 9; ++g) {
        const auto edges = cell_edges(settings_of(Shape::grid, g), length);
        QCOMPARE(edges.front(), std::int64_t{0});
        QCOMPARE(edges.back(), length);
        QCOMPARE(static_cast<std::int64_t>(edges.size()) - 1, std::min(g, length));
        std::int64_t least = length, most = 0;
        for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
          least = std::min(least, edges[i + 1] - edges[i]);
          most = std::max(most, edges[i + 1] - edges[i]);
        }
        QVERIFY(least >= 1 && most - least <= 1);
      }
  }

  // e spread over the map and convolved, transposed, with the kernels: LibTorch's own convolution. All taps
  // one tell how many of them reach a pixel: the draw is divided by the root of their mean.
  void a_kernel_is_a_transposed_convolution_of_the_spread_error() {
    for (const Case& one : cases()) {
      if (one.settings.kind != Shape::kernel) continue;
      const std::int64_t k = one.settings.kernel, ch = one.point[0], h = one.point[1], w = one.point[2];
      const FeedbackStructure form = one.structure();
      QCOMPARE(form.draws(), ch * k * k);
      const at::Tensor drawn = noise({4, ch * k * k}, 3), kernels = drawn.view({4, ch, k, k});
      const auto convolved = [&](const at::Tensor& maps, const at::Tensor& weight) {
        return at::conv_transpose2d(maps, weight, {}, {1, 1}, {(k - 1) / 2, (k - 1) / 2});
      };
      const double reaching =
          convolved(at::ones({1, 1, h, w}, f64), at::ones({1, 1, k, k}, f64)).mean().item<double>();
      const at::Tensor e = noise({6, 4}, 4);
      const at::Tensor want =
          convolved(e.view({6, 4, 1, 1}).expand({6, 4, h, w}), kernels).flatten(1) / std::sqrt(reaching);
      at::Tensor got = at::empty_like(want);
      form.apply(e, form.begin_from(drawn), got);
      QVERIFY2(error_of(got, want) < exact, one.name.c_str());
      // And every matrix of the structure is such a convolution: both spaces have the same projection.
      at::Tensor span = at::empty({4 * ch * k * k, 4 * ch * h * w}, f64);
      for (std::int64_t i = 0; i < span.size(0); ++i) {
        at::Tensor unit = at::zeros({4, ch, k, k}, f64);
        unit.view({-1})[i] = 1;
        span[i].copy_(convolved(at::eye(4, f64).view({4, 4, 1, 1}).expand({4, 4, h, w}), unit).reshape({-1}));
      }
      const at::Tensor a = noise({4, ch * h * w}, 5);
      QVERIFY2(error_of(form.expand(form.project(a)), nearest(span, a)) < 1e-9, one.name.c_str());
    }
  }

  void low_rank_has_that_rank_and_an_orthonormal_basis() {
    const Case one = cases()[8];
    const FeedbackStructure form = one.structure();
    const at::Tensor u = form.basis();
    QVERIFY(error_of(u.t().mm(u), at::eye(2, f64)) < exact);
    const at::Tensor singular = at::linalg_svdvals(form.expand(one.some_values(3)));
    QVERIFY(singular[1].item<double>() > 1e-3 && singular[2].item<double>() < exact);
    Case high = one;
    high.settings.rank = 5;
    QVERIFY_EXCEPTION_THROWN(high.structure(), InputError);
  }

  void products_are_those_with_the_expanded_matrix() {
    for (const Case& one : cases()) {
      const FeedbackStructure form = one.structure();
      const at::Tensor values = one.some_values(3), dense = form.expand(values);
      QCOMPARE(dense.sizes(), at::IntArrayRef({one.classes, one.features()}));
      const at::Tensor e = noise({6, one.classes}, 4), p = noise({6, one.features()}, 5);
      at::Tensor signal = at::empty({6, one.features()}, f64);
      form.apply(e, values, signal);
      QVERIFY2(error_of(signal, e.mm(dense)) < exact, one.name.c_str());
      QVERIFY2(error_of(form.predict(form.features_seen(p), values), p.mm(dense.t())) < exact,
               one.name.c_str());
      at::Tensor left = e.clone();
      form.take_off_prediction(left, form.features_seen(p), values);
      QVERIFY2(error_of(left, e - p.mm(dense.t())) < exact, one.name.c_str());
      const at::Tensor other = one.some_values(6);
      const double inner = form.inner(values, other).item<double>();
      QVERIFY2(std::abs(inner - (dense * form.expand(other)).sum().item<double>()) < 1e-9, one.name.c_str());
      QVERIFY2(std::abs(form.norm(values).item<double>() / at::linalg_vector_norm(dense).item<double>() - 1) <
                   exact,
               one.name.c_str());
      QCOMPARE(form.features(values), one.features());
    }
  }

  void the_projection_is_the_nearest_matrix() {
    for (const Case& one : cases()) {
      const FeedbackStructure form = one.structure();
      const at::Tensor a = noise({one.classes, one.features()}, 7);
      const at::Tensor values = form.project(a), projected = form.expand(values);
      QVERIFY2(error_of(projected, nearest(span_of(one), a)) < 1e-9, one.name.c_str());
      QVERIFY2(error_of(form.project(projected), values) < exact, one.name.c_str());  // once is enough
      // What it takes off is orthogonal to every matrix of the structure.
      const at::Tensor member = form.expand(one.some_values(8));
      const double along = ((a - projected) * member).sum().item<double>();
      QVERIFY2(std::abs(along) < 1e-9, one.name.c_str());
      // The estimate's product is projected before it is made.
      const at::Tensor z = noise({6, one.classes}, 9), p = noise({6, one.features()}, 10);
      const at::Tensor direct = form.classes_seen(z).t().mm(form.features_seen(p));
      QVERIFY2(error_of(direct, form.project(z.t().mm(p))) < exact, one.name.c_str());
    }
  }

  // The mean square of entries is the scheme's: deviations of a mean over 20,000 and more independent
  // numbers.
  void entries_begin_with_the_dense_variance() {
    const std::vector<StructureSettings> kinds{settings_of(Shape::per_channel), settings_of(Shape::grid, 4),
                                               settings_of(Shape::kernel, 3), settings_of(Shape::kernel, 5),
                                               settings_of(Shape::low_rank, 8)};
    for (const StructureSettings& settings : kinds) {
      const std::vector<std::int64_t> point{settings.kind == Shape::low_rank ? 40 : 2000, 8, 8};
      const double n = static_cast<double>(point[0] * 64);
      const FeedbackStructure form(settings, 10, point, f64, RandomKey::of(2, Stream::test));
      const std::map<FeedbackInit, double> variances{{FeedbackInit::normal, 1},
                                                     {FeedbackInit::uniform, 1 / (3 * n)},
                                                     {FeedbackInit::kaiming, 0.2},
                                                     {FeedbackInit::xavier, 2 / (10 + n)}};
      for (const auto& [scheme, variance] : variances) {
        at::Tensor drawn = at::empty({form.rows(), form.draws()}, f64);
        initialise_feedback(drawn, scheme, RandomKey::of(3, Stream::test), 10, n);
        const double got = form.expand(form.begin_from(drawn)).square().mean().item<double>();
        QVERIFY2(std::abs(got / variance - 1) < 0.05,
                 (settings.name() + ", scheme " + std::to_string(static_cast<int>(scheme))).c_str());
      }
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestStructures)
#include "test_structures.moc"
