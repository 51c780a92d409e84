// Segments side by side: nobody is forgotten, the shares are even, and the gradients are those of one after
// the other.
#include <ATen/Parallel.h>

#include <QtTest>
#include <mutex>
#include <set>

#include "engine/experiment/groups/model_settings.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/nn/judgement.h"
#include "engine/rules/layer_parallel.h"
#include "engine/training/race.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

NetworkCost costs(std::vector<double> forward) {
  NetworkCost cost;
  cost.forward = std::move(forward);
  return cost;
}

NetworkSpec deep_mlp() {
  Experiment experiment("dfa");
  experiment.set_text("model.hidden", "32,32,32,32,32,32");
  return build_model(experiment, {{1, 6, 6}, 10});
}

}  // namespace

class TestLayerParallel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_segment_is_somebodys() {
    const auto groups = balanced_segments(costs({5, 1, 4, 4, 2, 3}), 3);
    QCOMPARE(groups.size(), std::size_t{3});
    std::vector<int> seen;
    for (const auto& group : groups) seen.insert(seen.end(), group.begin(), group.end());
    std::sort(seen.begin(), seen.end());
    QCOMPARE(seen, (std::vector<int>{1, 2, 3, 4, 5, 6}));
  }

  // 19 among three: 5+1, 4+2 and 4+3, so that the largest share is 7 of 19/3.
  void shares_are_even() {
    const NetworkCost cost = costs({5, 1, 4, 4, 2, 3});
    QCOMPARE(imbalance(cost, balanced_segments(cost, 3)), 7.0 * 3 / 19);
    const NetworkCost lopsided = costs({100, 1, 1});
    QCOMPARE(imbalance(lopsided, balanced_segments(lopsided, 2)), 200.0 / 102);
  }

  void calls_each_segment_once() {
    choose_threads(2);
    Network network(deep_mlp(), at::TensorOptions().dtype(at::kFloat));
    for (std::int64_t rows : {std::int64_t{1}, std::int64_t{1} << 40}) {  // small, and large products
      std::mutex guard;
      std::multiset<int> seen;
      for_each_segment(network, rows, [&](int l) {
        const std::lock_guard<std::mutex> lock(guard);
        seen.insert(l);
      });
      QCOMPARE(seen, (std::multiset<int>{1, 2, 3, 4, 5, 6, 7}));
    }
  }

  void gradients_are_those_of_one_after_the_other() {
    const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);
    Network network(deep_mlp(), f64);
    initialise(network, WeightInit::he, 1);
    at::Tensor x = at::empty({40, 1, 6, 6}, f64);
    fill_gaussian(x, RandomKey::of(1, Stream::test));
    const at::Tensor y = at::arange(40, f64.dtype(at::kLong)).remainder(10);
    NetworkTape tape;
    Judgement judgement;
    const Pass pass = Pass::training({});
    judge(network.forward(x, tape, pass), y, judgement, true);
    const auto gradients_with = [&](int threads) {
      choose_threads(threads);
      ParameterBuffer gradients(network.layout(), f64);
      auto rule = make_rule(Experiment("dfa"));
      rule->attach(network, 3);
      Lesson lesson{network, tape, pass, y, judgement.e, gradients};
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      return gradients.flat();
    };
    const at::Tensor alone = gradients_with(1), together = gradients_with(2);
    QVERIFY(at::allclose(alone, together, 1e-12, 1e-14));
    QVERIFY(alone.abs().sum().item<double>() > 0);
  }

  // What a layer throws on another thread reaches the caller.
  void errors_come_through() {
    choose_threads(2);
    Network network(deep_mlp(), at::TensorOptions().dtype(at::kFloat));
    QVERIFY_EXCEPTION_THROWN(for_each_segment(network, 1,
                                              [](int l) {
                                                if (l == 4) throw std::runtime_error("segment 4");
                                              }),
                             std::runtime_error);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestLayerParallel)
#include "test_layer_parallel.moc"
