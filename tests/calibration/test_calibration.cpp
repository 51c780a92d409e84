// Which batch a calibration takes and what it does, against formulas and autograd.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <cmath>

#include "engine/batches/image_batches.h"
#include "engine/calibration/refit.h"
#include "engine/error.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/registry.h"
#include "engine/nn/judgement.h"
#include "engine/probes/c_hat.h"
#include "engine/probes/probe.h"
#include "tests/calibration/support.h"
#include "tests/nn/bed.h"
#include "tests/nn/oracle.h"

namespace grapevine {
namespace {

const NetworkSpec small{
    {6}, {{linear(6, 8), layer(LayerKind::tanh)}, {linear(8, 7), layer(LayerKind::tanh)}, {linear(7, 4)}}};

struct Bed : ForwardBed {
  explicit Bed(std::int64_t samples) : ForwardBed(small, Pass::probing(), samples, 0.6) {}
};

}  // namespace

class TestCalibration : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // v ← 0.9 v + g, W ← W − lr v, with g autograd's gradient scaled to norm 1 where it is larger.
  void the_weights_take_clipped_momentum_steps_of_their_own() {
    Bed bed(12);
    auto rule = make_rule(Experiment("dfa"));
    rule->attach(bed.network, 1);
    Calibration calibration = calibration_of(
        with("dfa",
             {{"calibration.when", "manual"}, {"calibration.lr", "0.1"}, {"calibration.clip", "0.05"}}),
        bed.network.values().flat());
    at::Tensor want = bed.network.values().flat().clone(), velocity = at::zeros_like(want);
    for (int round = 0; round < 3; ++round) {
      NamedParameters leaves = leaves_of(bed.network);
      oracle_loss(oracle_network(small, bed.x, leaves).back(), bed.y).backward();
      at::Tensor gradient = at::empty_like(want);
      for (const auto& [name, leaf] : leaves) {
        const ParameterInfo& info = bed.network.layout()[bed.network.layout().slot(name)];
        gradient.narrow(0, info.offset, info.count).copy_(leaf.grad().reshape({-1}));
      }
      const double norm = at::linalg_vector_norm(gradient).item<double>();
      QVERIFY(norm > 0.05);
      velocity = 0.9 * velocity + gradient * (0.05 / (norm + 1e-6));
      want = want - 0.1 * velocity;
      Lesson lesson = bed.lesson();
      at::Tensor values = bed.network.values().flat();
      QVERIFY(std::abs(calibration.apply(lesson, *rule, values) - norm) < 1e-10);
      QVERIFY(relative_error(values, want) < 1e-10);
      judge(bed.network.forward(bed.x, bed.tape, bed.pass), bed.y, bed.judgement, true);
    }
    QCOMPARE(calibration.count, std::int64_t{3});
  }

  // At the ridge optimum the slope of ‖E B' − Δ‖² + λ‖B' − B‖² is zero.
  void the_refit_is_the_ridge_optimum() {
    const at::Tensor e = noise({40, 4}, 3), delta = noise({40, 9}, 4), before = noise({4, 9}, 5);
    at::Tensor b = before.clone();
    refit_feedback(b, e, delta, 0.01);
    const double lambda = 0.01 * e.square().sum().item<double>() / 4;
    const at::Tensor slope = e.t().mm(e.mm(b) - delta) + lambda * (b - before);
    QVERIFY(at::linalg_vector_norm(slope).item<double>() < 1e-10);
    QVERIFY(!at::allclose(b, before));
    at::Tensor still = before.clone();
    refit_feedback(still, at::zeros({40, 4}, f64), delta, 0.01);
    QVERIFY(at::equal(still, before));  // no errors, nothing learnt
  }

  void a_refit_brings_the_signals_nearer_to_bps() {
    for (const RuleDescriptor& descriptor : rules()) {
      if (!descriptor.calibrates) continue;
      const std::string& key = descriptor.key;
      Bed bed(64);
      auto rule = make_rule(Experiment(key));
      rule->attach(bed.network, 1);
      const at::Tensor weights = bed.network.values().flat().clone();
      Calibration calibration = calibration_of(
          with(key, {{"calibration.when", "manual"}, {"calibration.what", "feedback"}}), weights);
      const auto off = [&] {
        Signals own, exact;
        Lesson lesson = bed.lesson();
        rule->rehearse(lesson, own);
        for (auto& s : own) s = s.clone();
        backpropagate(lesson, exact, false);
        double sum = 0;
        for (std::size_t l = 0; l < own.size(); ++l) sum += 1 - sample_cosine(own[l], exact[l]);
        return sum;
      };
      const double before = off();
      Lesson lesson = bed.lesson();
      at::Tensor values = bed.network.values().flat();
      calibration.apply(lesson, *rule, values);
      QVERIFY2(at::equal(values, weights), key.c_str());  // what = feedback moves no weight
      QVERIFY2(off() < before, key.c_str());
      if (key == "grape")
        for (const auto& b : *rule->feedback())
          QVERIFY(at::allclose(at::linalg_vector_norm(b, 2, at::IntArrayRef{0}), at::ones({b.size(1)}, f64)));
    }
  }

  void a_balanced_batch_has_as_many_of_each_class() {
    const Experiment experiment = with("dfa", {});
    const ImageBatches batches(BatchSettings::of(experiment), at::TensorOptions().dtype(at::kFloat));
    const Batch batch = batches.balanced(RandomKey::of(1, Stream::test), 40, 10);
    for (int c = 0; c < 10; ++c) QCOMPARE(batch.y.eq(c).sum().item<std::int64_t>(), std::int64_t{4});
    const Batch other = batches.balanced(RandomKey::of(2, Stream::test), 40, 10);
    QVERIFY(!at::equal(batch.x, other.x));
  }

  void an_uncertain_batch_has_the_largest_entropies_of_its_pool() {
    const Experiment experiment = with(
        "dfa",
        {{"calibration.batch", "uncertain"}, {"calibration.batch_size", "16"}, {"calibration.pool", "200"}});
    const at::TensorOptions f32 = at::TensorOptions().dtype(at::kFloat);
    ImageBatches batches(BatchSettings::of(experiment), f32);
    Network network({{1, 28, 28}, {{layer(LayerKind::flatten), linear(784, 10)}}}, f32);
    initialise(network, WeightInit::he, 1);
    auto rule = make_rule(Experiment("dfa"));
    rule->attach(network, 1);
    const RandomKey key = RandomKey::of(4, Stream::calibration);
    // One segment has no feedback point: give it two.
    Network deep({{1, 28, 28},
                  {{layer(LayerKind::flatten), linear(784, 12), layer(LayerKind::relu)}, {linear(12, 10)}}},
                 f32);
    initialise(deep, WeightInit::he, 1);
    auto deep_rule = make_rule(Experiment("dfa"));
    deep_rule->attach(deep, 1);
    const Batch chosen =
        calibration_of(experiment, deep.values().flat()).choose(batches, deep, *deep_rule, key);
    QCOMPARE(chosen.y.size(0), std::int64_t{16});
    const auto entropy = [&](const at::Tensor& x) {
      NetworkTape tape;
      const at::Tensor p = at::softmax(deep.forward(x, tape, Pass::probing()), 1);
      return -(p * p.log()).sum(1);
    };
    const at::Tensor pool = entropy(batches.drawn(key, 200).x);
    const at::Tensor largest = std::get<0>(pool.topk(16));
    QVERIFY(at::allclose(std::get<0>(entropy(chosen.x).sort(0, true)), largest, 1e-5, 1e-6));
  }

  // One feature, so that ‖ż − pBᵀ‖ = ‖J_n − B‖ for p = ±1; and J_n = W₂ tanh'(h_n), so that with B = W₂ the
  // samples with the largest |h_n| have the largest residual, with B = 0 those with the smallest.
  void a_worst_residual_batch_has_the_largest_errors_of_prediction() {
    const at::TensorOptions f32 = at::TensorOptions().dtype(at::kFloat);
    const Experiment experiment = with("residual", {{"calibration.batch", "worst_residual"},
                                                    {"calibration.batch_size", "16"},
                                                    {"calibration.pool", "200"}});
    ImageBatches batches(BatchSettings::of(experiment), f32);
    Network network(
        {{1, 28, 28}, {{layer(LayerKind::flatten), linear(784, 1)}, {layer(LayerKind::tanh), linear(1, 10)}}},
        f32);
    initialise(network, WeightInit::he, 1);
    auto rule = make_rule(experiment);
    rule->attach(network, 1);
    const RandomKey key = RandomKey::of(4, Stream::calibration);
    const auto sizes_of_h = [&](const Batch& batch) {
      NetworkTape tape;
      network.forward(batch.x, tape, Pass::probing());
      return tape.outputs[0].abs().flatten();
    };
    for (const bool aligned : {true, false}) {
      at::Tensor& b = (*rule->feedback())[0];
      if (aligned)
        b.copy_(network.values()[network.layout().slot("2.1.weight")]);
      else
        b.zero_();
      const Batch chosen =
          calibration_of(experiment, network.values().flat()).choose(batches, network, *rule, key);
      const at::Tensor pool = sizes_of_h(batches.drawn(key, 200));
      const at::Tensor want = std::get<0>(pool.topk(16, 0, aligned));
      QVERIFY(at::allclose(std::get<0>(sizes_of_h(chosen).sort(0, aligned)), want, 1e-5, 1e-6));
    }
  }

  void a_refit_of_fewer_samples_than_classes_is_refused() {
    const Calibration calibration = calibration_of(
        with("dfa",
             {{"calibration.when", "steps"}, {"calibration.what", "both"}, {"calibration.batch_size", "32"}}),
        at::zeros({3}, f64));
    calibration.check(10, 1, 10);
    calibration.check(1, 16, 10);  // tokens of a text
    QVERIFY_EXCEPTION_THROWN(calibration.check(9, 1, 10), InputError);
    QVERIFY_EXCEPTION_THROWN(calibration.check(1000, 1, 33), InputError);
    calibration_of(with("dfa", {{"calibration.when", "steps"}}), at::zeros({3}, f64)).check(1, 1, 10);
    Bed few(3);  // of four classes
    auto rule = make_rule(Experiment("dfa"));
    rule->attach(few.network, 1);
    at::Tensor values = few.network.values().flat();
    Lesson lesson = few.lesson();
    Calibration by_hand = calibration_of(
        with("dfa", {{"calibration.when", "manual"}, {"calibration.what", "feedback"}}), values);
    QVERIFY_EXCEPTION_THROWN(by_hand.apply(lesson, *rule, values), InputError);
  }

  // On a linear network every sample has the same Jacobian: ĉ estimates the cosine without bias, and ‖J̄‖² is
  // its own.
  void the_alignment_is_seen_without_backpropagation() {
    const NetworkSpec plain{{6}, {{linear(6, 8)}, {linear(8, 7)}, {linear(7, 4)}}};
    Network network(plain, f64);
    network.values().flat().copy_(noise(network.values().flat().sizes(), 7));
    NetworkTape tape;
    Judgement judgement;
    const at::Tensor x = noise({4000, 6}, 8);
    const at::Tensor y = at::arange(4000, at::TensorOptions().dtype(at::kLong)).remainder(4);
    const Pass pass = Pass::probing();
    judge(network.forward(x, tape, pass), y, judgement, true);
    const ParameterBuffer none;
    Lesson lesson{network, tape, pass, y, judgement.e, none};
    const std::vector<at::Tensor> truth = mean_jacobians(lesson);
    std::vector<at::Tensor> feedback;
    for (std::size_t l = 0; l < truth.size(); ++l)
      feedback.push_back(truth[l] +
                         noise(truth[l].sizes(), 20 + static_cast<std::int64_t>(l)) * truth[l].std());
    SeededDraws draws(1, 1);
    const std::vector<double> seen = alignment_from_tangents(lesson, feedback, draws);
    for (std::size_t l = 0; l < truth.size(); ++l)
      QVERIFY(std::abs(seen[l] - cosine(feedback[l], truth[l])) < 0.03);

    at::Tensor p = at::empty({4000, 7}, f64);
    fill_rademacher(p, RandomKey::of(9, Stream::test));
    const at::Tensor other_layers = noise({4000, 4}, 10) * 2;
    const at::Tensor z_dot = p.mm(truth[1].t()) + other_layers;
    const double want = truth[1].square().sum().item<double>();
    QVERIFY(std::abs(squared_mean_jacobian(z_dot, p) / want - 1) < 0.1);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestCalibration)
#include "test_calibration.moc"
