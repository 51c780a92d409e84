// Residual networks with a feedback point behind every convolution: the same network as with points between
// blocks, cut so that what a point's features are, and what travels along with them, is as models/resnet.cpp
// says.
#include <QtTest>

#include "engine/experiment/groups/model_settings.h"
#include "engine/feedback/estimate.h"
#include "engine/models/model.h"
#include "tests/nn/bed.h"

namespace grapevine {
namespace {

const DataShape small{{2, 10, 10}, 5}, cifar10{{3, 32, 32}, 10};

double error_of(const at::Tensor& a, const at::Tensor& b) {
  return (at::linalg_vector_norm(a - b) / at::linalg_vector_norm(b)).item<double>();
}

Experiment resnet(const char* points, const std::string& name = "resnet20", const std::string& rule = "dfa") {
  Experiment experiment(rule);
  experiment.set_text("model.name", name);
  experiment.set_text("model.feedback_points", points);
  return experiment;
}

struct Bed : ForwardBed {
  explicit Bed(const char* points) : ForwardBed(build_model(resnet(points), small), Pass::training({})) {
    initialise(network, WeightInit::he, 3);
    x = noise({4, 2, 10, 10}, 1);
    y = at::arange(4, at::TensorOptions().dtype(at::kLong));
    run();
  }
};

}  // namespace

class TestMicroPoints : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // A point behind each of 19 and 55 convolutions; the shapes of their outputs.
  void a_point_stands_behind_every_convolution() {
    for (const auto& [name, convolutions] : {std::pair{"resnet20", 19}, std::pair{"resnet56", 55}}) {
      const NetworkSpec spec = build_model(resnet("micro", name), cifar10);
      const NetworkCost cost = measure_cost(spec);
      QCOMPARE(static_cast<int>(cost.points.size()), convolutions);
      QCOMPARE(count_parameters(spec), count_parameters(build_model(resnet("macro", name), cifar10)));
      for (int l = 0; l < convolutions; ++l) {
        const int stage = l == 0 ? 0 : (l - 1) / ((convolutions - 1) / 3);
        const std::vector<std::int64_t> want{16 << stage, 32 >> stage, 32 >> stage};
        QCOMPARE(cost.points[static_cast<std::size_t>(l)], want);
      }
    }
  }

  void it_is_the_same_network() {
    Bed micro("micro"), macro("macro");
    QVERIFY(at::equal(micro.network.values().flat(), macro.network.values().flat()));
    QVERIFY(error_of(micro.tape.outputs.back(), macro.tape.outputs.back()) < 1e-12);
    Signals fine, coarse;
    Lesson a = micro.lesson(), b = macro.lesson();
    backpropagate(a, fine, true);
    backpropagate(b, coarse, true);
    QVERIFY(error_of(micro.gradients.flat(), macro.gradients.flat()) < 1e-10);
    // Macro's points are every other one of micro's: signals there are the same too.
    for (std::size_t block = 0; block < coarse.size(); ++block)
      QVERIFY(error_of(fine[2 * block], coarse[block]) < 1e-10);
  }

  // Point 2k is the first activation of block k; next to it the block's input travels as it is.
  void the_shortcut_carries_the_blocks_input_exactly() {
    Bed bed("micro");
    for (int point = 2; point <= 18; point += 2) {
      const auto i = static_cast<std::size_t>(point - 1);
      const at::Tensor& state = bed.tape.outputs[i];
      const std::int64_t features = bed.network.features(point);
      QVERIFY(at::equal(bed.network.rows(point, state), state.narrow(1, 0, features)));
      QVERIFY(
          at::equal(state.narrow(1, features, state.size(1) - features), bed.tape.outputs[i - 1].flatten(1)));
      QVERIFY(state.narrow(1, 0, features).min().item<double>() >= 0);  // behind the ReLU
    }
  }

  // ⟨J p, e⟩ = ⟨p, Jᵀe⟩, J being the derivative by the point's features with what is carried held still.
  void tangents_and_adjoints_agree_at_every_point() {
    Bed bed("micro");
    Signals exact;
    Lesson lesson = bed.lesson();
    backpropagate(lesson, exact, true);
    for (auto& signal : exact) signal = signal.clone();
    for (int point = 1; point <= bed.network.points(); ++point) {
      const auto i = static_cast<std::size_t>(point - 1);
      const at::Tensor p = noise({4, bed.network.features(point)}, point);
      at::Tensor buffer;
      at::Tensor t = bed.network.state(point, p, bed.tape.outputs[i], buffer);
      for (int l = point + 1; l <= bed.network.segments(); ++l) t = bed.network.tangent(l, t, bed.tape);
      const double ahead = (t * bed.judgement.e).sum().item<double>();
      const double back = (p * bed.network.rows(point, exact[i])).sum().item<double>();
      QVERIFY2(std::abs(ahead - back) < 1e-10 * std::max(1.0, std::abs(back)), std::to_string(point).c_str());
    }
  }

  // And J is what moving the features does: the finite difference of whole forward passes.
  void perturbations_move_the_points_features_alone() {
    for (const char* trace : {"shared", "per_layer"}) {
      std::vector<std::vector<at::Tensor>> estimates;
      for (const char* jvp : {"tangent", "double_forward"}) {
        Bed bed("micro");
        Experiment experiment = resnet("micro", "resnet20", "grape");
        for (const auto& [key, value] :
             {std::pair{"rule.trace", trace}, std::pair{"rule.jvp", jvp},
              std::pair{"rule.jvp_epsilon", "1e-6"}, std::pair{"rule.jvp_central", "true"},
              std::pair{"model.activation", "relu"}})
          experiment.set_text(key, value);
        auto rule = make_rule(experiment);
        rule->attach(bed.network, 1);
        Lesson lesson = bed.lesson();
        SeededDraws draws(1, 1);
        rule->learn(lesson, draws);
        estimates.emplace_back();
        for (const auto& j : *rule->jacobian_estimate()) estimates.back().push_back(j.clone());
      }
      for (std::size_t l = 0; l < estimates[0].size(); ++l)
        QVERIFY2(error_of(estimates[1][l], estimates[0][l]) < 1e-3, trace);
    }
  }

  // Nothing of a direct rule's signal lies on what is carried, and a segment learns from its own signal
  // alone.
  void direct_signals_stop_at_the_points_features() {
    for (const char* structure : {"dense", "per_channel", "kernel"}) {
      Bed bed("micro");
      Experiment experiment = resnet("micro");
      experiment.set_text("rule.structure", structure);
      auto rule = make_rule(experiment);
      rule->attach(bed.network, 1);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      const Signals& signals = rule->signals_of_step();
      for (int point = 1; point <= bed.network.points(); ++point) {
        const auto i = static_cast<std::size_t>(point - 1);
        const std::int64_t features = bed.network.features(point);
        const at::Tensor signal = signals[i].flatten(1);
        const at::Tensor b = rule->structure(i).expand((*rule->feedback())[i]);
        QVERIFY(error_of(signal.narrow(1, 0, features), bed.judgement.e.mm(b)) < 1e-12);
        QVERIFY(signal.narrow(1, features, signal.size(1) - features).eq(0).all().item<bool>());
      }
      const at::Tensor before = bed.gradients.segment(bed.network.layout(), 4).clone();
      QVERIFY(at::linalg_vector_norm(before).item<double>() > 0);
      for (const std::size_t other : {2, 4}) (*rule->feedback())[other].zero_();  // of points 3 and 5
      Signals again;
      rule->rehearse(lesson, again);
      QVERIFY(at::equal(bed.gradients.segment(bed.network.layout(), 4), before));
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestMicroPoints)
#include "test_micro_points.moc"
