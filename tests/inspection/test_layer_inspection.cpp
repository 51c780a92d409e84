// What the inspector shows of a layer against autograd and LibTorch's linear algebra, and that looking leaves
// everything as it was.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <cmath>
#include <numbers>

#include "engine/experiment/registry.h"
#include "engine/inspection/layer_inspection.h"
#include "tests/nn/bed.h"
#include "tests/nn/oracle.h"

namespace grapevine {
namespace {

constexpr double float_error = 2e-6;

NetworkSpec relu_cnn() {
  LayerSpec pool = layer(LayerKind::max_pool2d);
  pool.kernel = pool.stride = 2;
  return {{2, 4, 4},
          {{conv(2, 3), layer(LayerKind::relu), pool},
           {layer(LayerKind::flatten), linear(12, 6), layer(LayerKind::relu)},
           {linear(6, 4)}}};
}

struct Bed : ForwardBed {
  Bed(const NetworkSpec& spec, std::int64_t samples) : ForwardBed(spec, Pass::probing(), samples, 0.6) {}
};

std::unique_ptr<Rule> ready_rule(const std::string& name, Bed& bed,
                                 const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(name);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 3);
  Lesson lesson = bed.lesson();
  SeededDraws draws(3, 1);
  rule->learn(lesson, draws);
  return rule;
}

at::Tensor tensor_of(const Matrix& matrix) {
  return at::tensor(std::vector<double>(matrix.values.begin(), matrix.values.end()), f64)
      .view({matrix.rows, matrix.columns});
}
at::Tensor tensor_of(const std::vector<float>& values) {
  return at::tensor(std::vector<double>(values.begin(), values.end()), f64);
}

bool near(double a, double b, double error = float_error) {
  return std::abs(a - b) <= error * std::max(1.0, std::abs(b));
}
bool near(const at::Tensor& a, const at::Tensor& b, double error = float_error) {
  return a.sizes() == b.sizes() && (a - b).abs().max().item<double>() <= error * b.abs().max().item<double>();
}

/// By autograd: h_l and its gradient of the loss, and ∂z_c/∂h_l in the mean over samples.
struct ByAutograd {
  at::Tensor h, gradient, jacobian;
  ByAutograd(const NetworkSpec& spec, Bed& bed, int point) {
    NamedParameters leaves = leaves_of(bed.network);
    std::vector<at::Tensor> outputs = oracle_network(spec, bed.x, leaves);
    const auto l = static_cast<std::size_t>(point - 1);
    std::vector<at::Tensor> rows;
    for (std::int64_t c = 0; c < bed.network.classes(); ++c)
      rows.push_back(torch::autograd::grad({outputs.back().select(1, c).sum()}, {outputs[l]}, {}, true)[0]
                         .flatten(1)
                         .mean(0));
    jacobian = at::stack(rows);
    gradient =
        torch::autograd::grad({oracle_loss(outputs.back(), bed.y)}, {outputs[l]}, {}, true)[0].flatten(1);
    h = outputs[l].detach().flatten(1);
  }
};

}  // namespace
}  // namespace grapevine

using namespace grapevine;

class TestLayerInspection : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void its_figures_are_autograds_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<bool>("convolution");
    QTest::addColumn<int>("point");
    for (const char* rule : {"dfa", "drtp", "grape", "residual"}) {
      QTest::addRow("%s, linear", rule) << rule << false << 2;
      QTest::addRow("%s, convolution", rule) << rule << true << 1;
    }
  }
  void its_figures_are_autograds() {
    QFETCH(QString, rule);
    QFETCH(bool, convolution);
    QFETCH(int, point);
    const NetworkSpec spec = convolution ? relu_cnn() : tanh_mlp;
    Bed bed(spec, 11);
    const std::unique_ptr<Rule> own = ready_rule(rule.toStdString(), bed);
    Lesson lesson = bed.lesson();
    const Inspection found = inspect_layer(*own, lesson, point, true);
    const ByAutograd exact(spec, bed, point);
    const at::Tensor& j = exact.jacobian;
    const at::Tensor b = (*own->feedback())[static_cast<std::size_t>(point - 1)];

    QVERIFY(found.trouble.empty());
    QCOMPARE(found.samples, std::int64_t{11});
    QCOMPARE(found.shape.size(), convolution ? std::size_t{3} : std::size_t{1});
    QVERIFY(near(tensor_of(found.jacobian), j));
    QVERIFY(near(tensor_of(found.feedback), b));
    // α by least squares, and what it leaves is at right angles to J̄.
    const double alpha = std::get<0>(at::linalg_lstsq(j.reshape({-1, 1}), b.reshape({-1, 1}))).item<double>();
    QVERIFY(near(found.alpha, alpha));
    QVERIFY(near(tensor_of(left_over(found)), b - alpha * j, 1e-5));
    QVERIFY(near(found.cos_b_j, ((b * j).sum() / b.norm() / j.norm()).item<double>()));
    for (std::int64_t k = 0; k < b.size(1); ++k) {
      const at::Tensor bk = b.select(1, k), jk = j.select(1, k);
      const double norms = (bk.norm() * jk.norm()).item<double>();
      const float mine = found.column_cosines[static_cast<std::size_t>(k)];
      if (norms == 0)
        QVERIFY(std::isnan(mine));
      else
        QVERIFY(near(mine, (bk * jk).sum().item<double>() / norms));
    }
    // σ² are the eigenvalues of JJᵀ.
    const at::Tensor sigma = at::linalg_eigvalsh(j.mm(j.t())).flip(0).clamp_min(0).sqrt();
    for (std::size_t i = 0; i < found.singular_jacobian.size(); ++i)
      QVERIFY(near(found.singular_jacobian[i], sigma[static_cast<std::int64_t>(i)].item<double>(), 1e-6));
    // Angles of the samples: the rule's signal against the loss's gradient.
    const at::Tensor carrier =
        rule == "drtp" ? at::one_hot(bed.y, 4).to(at::kDouble) / 11.0 : bed.judgement.e;
    const at::Tensor delta = carrier.mm(b);
    const at::Tensor cosines =
        ((delta * exact.gradient).sum(1) / delta.norm(2, 1) / exact.gradient.norm(2, 1));
    const at::Tensor angles = cosines.clamp(-1, 1).acos() * (180 / std::numbers::pi);
    QVERIFY(near(tensor_of(found.sample_angles), angles, 1e-5));
    // Activations.
    QVERIFY(near(found.activations.mean, exact.h.mean().item<double>()));
    QVERIFY(near(found.activations.deviation, exact.h.std(false).item<double>()));
    QVERIFY(near(found.activations.zeros, exact.h.eq(0).to(at::kDouble).mean().item<double>()));
    QVERIFY(near(found.activations.dead, exact.h.abs().sum(0).eq(0).to(at::kDouble).mean().item<double>()));
    std::int64_t counted = 0;
    for (const std::int64_t count : found.activations.histogram.counts) counted += count;
    QCOMPARE(counted, exact.h.numel());
  }

  void bounds_stand_beside_what_they_bound() {
    Bed bed(tanh_mlp, 9);
    const auto rule = ready_rule("grape", bed);
    Lesson lesson = bed.lesson();
    const Inspection found = inspect_layer(*rule, lesson, 1, true);
    QCOMPARE(found.bounds.size(), std::size_t{2});
    const at::Tensor j = ByAutograd(tanh_mlp, bed, 1).jacobian, jhat = (*rule->jacobian_estimate())[0],
                     b = (*rule->feedback())[0];
    const auto cos = [](const at::Tensor& p, const at::Tensor& q) {
      return ((p * q).sum() / p.norm() / q.norm()).item<double>();
    };
    const double largest = std::sqrt(at::linalg_eigvalsh(j.mm(j.t())).max().item<double>());
    const double eq4 = std::sqrt(2 / (std::numbers::pi * 9)) * largest / j.norm().item<double>();
    QVERIFY(near(found.bounds[0].measured, cos(jhat, j)));
    QVERIFY(near(found.bounds[0].bound, eq4));
    const double p = cos(b, jhat), q = cos(jhat, j);
    QVERIFY(near(found.bounds[1].measured, cos(b, j)));
    QVERIFY(near(found.bounds[1].bound, p * q - std::sqrt((1 - p * p) * (1 - q * q))));
    QVERIFY(found.bounds[1].measured >= found.bounds[1].bound - 1e-9);
    QVERIFY(found.bounds[1].instead.empty());
  }

  void a_bound_says_what_this_run_has_instead_of_its_condition_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("words");
    QTest::newRow("as the theory") << "rule.distribution=gaussian rule.trace=per_layer"
                                   << "";
    QTest::newRow("defaults") << ""
                              << "Rademacher draws and a shared trace";
    QTest::newRow("all") << "rule.directions=4"
                         << "Rademacher draws, 4 directions and a shared trace";
    QTest::newRow("orthogonal") << "rule.orthogonal=true rule.trace=per_layer"
                                << "orthogonal draws";
  }
  void a_bound_says_what_this_run_has_instead_of_its_condition() {
    QFETCH(QString, settings);
    QFETCH(QString, words);
    std::map<std::string, std::string> given;
    for (const QString& setting : settings.split(' ', Qt::SkipEmptyParts))
      given[setting.section('=', 0, 0).toStdString()] = setting.section('=', 1).toStdString();
    Bed bed(tanh_mlp, 5);
    const auto rule = ready_rule("grape", bed, given);
    Lesson lesson = bed.lesson();
    QCOMPARE(QString::fromStdString(inspect_layer(*rule, lesson, 2, true).bounds.at(0).instead), words);
  }

  void what_a_rule_has_not_is_said_in_words() {
    for (const RuleDescriptor& described : rules()) {
      NetworkSpec spec = tanh_mlp;
      if (described.key == "ff")
        spec.segments[1].insert(spec.segments[1].begin(), layer(LayerKind::rms_norm));
      Bed bed(spec, 6);
      std::unique_ptr<Rule> rule;
      try {
        rule = ready_rule(described.key, bed);
      } catch (const InputError& error) {
        qInfo("%s is left out: %s", described.key.c_str(), error.what());
        continue;
      }
      Lesson lesson = bed.lesson();
      const Inspection found = inspect_layer(*rule, lesson, 1, true);
      QCOMPARE(found.feedback.empty(), !found.no_feedback.empty());
      QCOMPARE(found.estimate.empty(), !found.no_estimate.empty());
      QCOMPARE(found.jacobian.empty(), !found.no_jacobian.empty());
      QCOMPARE(found.sample_angles.empty(), !found.no_angles.empty());
      QCOMPARE(found.feedback.empty(), !described.has_feedback);
    }
  }

  void many_classes_wait_for_a_pause() {
    NetworkSpec spec = tanh_mlp;
    spec.segments.back() = {linear(7, 40)};
    Bed bed(spec, 5);
    const auto rule = ready_rule("dfa", bed);
    Lesson lesson = bed.lesson();
    const Inspection moving = inspect_layer(*rule, lesson, 1, false);
    QVERIFY(moving.jacobian.empty());
    QVERIFY(QString::fromStdString(moving.no_jacobian).contains("pause"));
    QVERIFY(!inspect_layer(*rule, lesson, 1, true).jacobian.empty());
  }

  void numbers_that_left_the_numbers_are_shown_and_throw_nothing() {
    Bed bed(tanh_mlp, 5);
    const auto rule = ready_rule("grape", bed);
    (*rule->feedback())[0].fill_(std::nan(""));
    Lesson lesson = bed.lesson();
    const Inspection found = inspect_layer(*rule, lesson, 1, true);
    QVERIFY(found.singular_feedback.empty());
    QVERIFY(std::isnan(found.feedback.values.front()));
  }
};

QTEST_GUILESS_MAIN(TestLayerInspection)
#include "test_layer_inspection.moc"
