// Feedback matrices and the cosine step against their definitions.
#include <ATen/Parallel.h>

#include <QtTest>
#include <cmath>

#include "engine/error.h"
#include "engine/feedback/cosine_step.h"
#include "engine/feedback/matrices.h"
#include "engine/probes/cosines.h"
#include "tests/nn/bed.h"

namespace grapevine {
namespace {

const NetworkSpec& mlp = tanh_mlp;

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
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestFeedback)
#include "test_feedback.moc"
