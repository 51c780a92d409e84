// Steps replayed from a recording do what steps computed one by one do. The host records nothing, so a
// stand-in plays the device: it keeps the work and calls it again, with all host numbers as they were when it
// was recorded, as a graph of kernels has them frozen. It is told nothing of later steps but what lies in
// memory.
#include <ATen/Parallel.h>

#include <QtTest>
#include <tuple>

#include "engine/experiment/registry.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

class StandIn : public Recorder {
 public:
  explicit StandIn(Trainer& trainer) : trainer_(trainer) {}
  // A device only notes the orders: what the call changed here is put back.
  void record(const std::function<void()>& work) override {
    const NamedTensors state = changing();
    std::vector<at::Tensor> before;
    for (const auto& [name, tensor] : state) before.push_back(tensor.clone());
    work();
    for (std::size_t i = 0; i < state.size(); ++i) at::Tensor(state[i].second).copy_(before[i]);
    work_ = work;
    keys_ = ReplayedKeys::recording();
  }
  void replay() override {
    const ReplayedKeys::Repetition again(*keys_);
    work_();
  }

 private:
  NamedTensors changing() {
    NamedTensors all = trainer_.rule().state();
    for (const auto& each : trainer_.network().states()) all.push_back(each);
    return all;
  }

  Trainer& trainer_;
  std::function<void()> work_;
  ReplayedKeys* keys_ = nullptr;
};

Experiment small(const std::string& rule, const std::map<std::string, std::string>& more = {}) {
  Experiment experiment(rule);
  std::map<std::string, std::string> all{{"data.name", "shapes"},     {"data.train_limit", "1288"},
                                         {"data.test_limit", "40"},   {"model.name", "mlp"},
                                         {"model.hidden", "[24,20]"}, {"train.batch", "32"},
                                         {"train.epochs", "1000"},    {"probe.every", "19"},
                                         {"probe.batch", "32"},       {"threads", "1"}};
  for (const auto& [key, value] : more) all[key] = value;
  for (const auto& [key, value] : all) experiment.set_text(key, value);
  return experiment;
}

struct Outcome {
  at::Tensor weights;
  std::map<std::tuple<int, int, std::int64_t>, double> measured;  ///< by measure, point and step; no times
  std::vector<Event> events;
  std::int64_t replays = 0;
};

Outcome after(int steps, const Experiment& experiment, bool recorded) {
  Race race({experiment});
  race.prepare();
  if (recorded) race.trainer(0).use_recorder(std::make_unique<StandIn>(race.trainer(0)), {});
  Report report;
  race.begin(report);
  for (int i = 0; i < steps; ++i) race.step(report);
  race.settle(report);
  Outcome outcome{race.trainer(0).network().values().flat().clone(), {}, report.events, 0};
  for (const Sample& sample : report.samples)
    if (!measures()[sample.measure].key.ends_with("seconds"))
      outcome.measured[{sample.measure, sample.point, sample.step}] = sample.value;
  if (recorded) outcome.replays = race.trainer(0).replay()->replays();
  return outcome;
}

double apart(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

}  // namespace

class TestStepReplay : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // 41 steps an epoch, the last of 8 samples, and a probe at every nineteenth, after which a step or more are
  // computed by themselves: of 60 steps a good half is replayed.
  void a_run_is_the_same_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("value");
    QTest::newRow("bp") << "bp"
                        << "model.dropout"
                        << "0.2";
    QTest::newRow("dfa") << "dfa"
                         << "model.dropout"
                         << "0.2";
    QTest::newRow("grape") << "grape"
                           << "rule.directions"
                           << "2";
    QTest::newRow("grape, each layer by itself") << "grape"
                                                 << "rule.trace"
                                                 << "per_layer";
    QTest::newRow("grape, normal numbers") << "grape"
                                           << "rule.distribution"
                                           << "gaussian";
    QTest::newRow("residual") << "residual"
                              << "rule.trace"
                              << "shared";
    QTest::newRow("residual, tracked") << "residual"
                                       << "rule.track"
                                       << "0.9";
    QTest::newRow("wm") << "wm"
                        << "optimizer.lr"
                        << "0.001";
    QTest::newRow("fdfa") << "fdfa"
                          << "optimizer.lr"
                          << "0.001";
    QTest::newRow("fg_weight") << "fg_weight"
                               << "optimizer.lr"
                               << "0.0001";
    QTest::newRow("fg_activity") << "fg_activity"
                                 << "optimizer.lr"
                                 << "0.001";
    QTest::newRow("brsf") << "brsf"
                          << "optimizer.lr"
                          << "0.001";
    QTest::newRow("pepita") << "pepita"
                            << "optimizer.lr"
                            << "0.001";
    QTest::newRow("ff") << "ff"
                        << "optimizer.lr"
                        << "0.001";
    QTest::newRow("kp") << "kp"
                        << "optimizer.lr"
                        << "0.001";
  }
  void a_run_is_the_same() {
    QFETCH(QString, rule);
    QFETCH(QString, setting);
    QFETCH(QString, value);
    const Experiment experiment = small(rule.toStdString(), {{setting.toStdString(), value.toStdString()}});
    const Outcome plain = after(60, experiment, false), replayed = after(60, experiment, true);
    QCOMPARE(replayed.events.size(), std::size_t{1});
    QCOMPARE(replayed.events[0].cause, std::string("gpu_graphs: steps are replayed from a recording"));
    QVERIFY2(replayed.replays > 30, qPrintable(QString::number(replayed.replays)));
    QCOMPARE(replayed.measured.size(), plain.measured.size());
    for (const auto& [place, value] : plain.measured) {
      const double other = replayed.measured.at(place);
      if (std::isnan(value) && std::isnan(other)) continue;  // no signal: B is zero before the first step
      QVERIFY2(std::abs(other - value) < 2e-3 * (1 + std::abs(value)),
               qPrintable(QString("%1 at step %2: %3, %4")
                              .arg(QString::fromStdString(measures()[std::get<0>(place)].key))
                              .arg(std::get<2>(place))
                              .arg(other)
                              .arg(value)));
    }
    QVERIFY2(apart(replayed.weights, plain.weights) < 1e-5,
             qPrintable(QString::number(apart(replayed.weights, plain.weights))));
  }

  void a_convolutional_network_is_the_same() {
    const Experiment experiment = small("grape", {{"model.name", "lenet5"}, {"model.width", "classic"}});
    const Outcome plain = after(18, experiment, false), replayed = after(18, experiment, true);
    QVERIFY(replayed.replays > 8);
    QVERIFY(apart(replayed.weights, plain.weights) < 1e-5);
  }

  // Work that depends on a number of the host's which is another one at every step.
  void a_frozen_number_is_noticed() {
    at::Tensor sum = at::zeros({3});
    double number = 0;
    const auto compute = [&](const Batch& batch, Draws&) { sum.add_(batch.x.sum(), number); };
    StepReplay replay(std::make_unique<Frozen>(number), 0, at::kCPU, compute,
                      [&] {
                        return NamedTensors{{"the sum", sum}};
                      },
                      {});
    double expected = 0;
    for (int step = 1; step <= 6; ++step) {
      number = step;
      replay.step({at::ones({2, 2}), at::zeros({2}, at::kLong)}, step);
      expected += 4.0 * step;
      QCOMPARE(sum[0].item<double>(), expected);
    }
    QVERIFY(!replay.trusted());
    QCOMPARE(replay.take_outcome(),
             std::string("gpu_graphs: steps are not replayed: 'the sum' came out otherwise than without a "
                         "recording"));
    QCOMPARE(replay.take_outcome(), std::string());
  }

  // Each step by a batch of another size: nothing is ever twice in the same memory.
  void batches_of_ever_other_sizes_are_given_up() {
    at::Tensor sum = at::zeros({1});
    double number = 1;
    const auto compute = [&](const Batch& batch, Draws&) { sum.add_(batch.x.sum()); };
    StepReplay replay(std::make_unique<Frozen>(number), 0, at::kCPU, compute,
                      [&] {
                        return NamedTensors{{"the sum", sum}};
                      },
                      {});
    double expected = 0;
    for (int step = 1; step <= 220; ++step) {
      const std::int64_t samples =
          1 + step / 2 % 2;  // the first trial of each pair is never followed by a second
      replay.step({at::ones({samples}), at::zeros({samples}, at::kLong)}, step);
      expected += static_cast<double>(samples);
      QCOMPARE(sum.item<double>(), expected);
    }
    QVERIFY(!replay.trusted());
    QCOMPARE(replay.take_outcome(),
             std::string("gpu_graphs: steps are not replayed: measures, calibrations or smaller batches come "
                         "too often for it"));
  }

  void what_cannot_be_recorded_is_computed() {
    class Never : public Recorder {
     public:
      void record(const std::function<void()>&) override { TORCH_CHECK(false, "reads the device"); }
      void replay() override {}
    };
    at::Tensor sum = at::zeros({1});
    const auto compute = [&](const Batch& batch, Draws&) { sum.add_(batch.x.sum()); };
    StepReplay replay(std::make_unique<Never>(), 0, at::kCPU, compute,
                      [&] {
                        return NamedTensors{{"the sum", sum}};
                      },
                      {});
    for (int step = 1; step <= 4; ++step) replay.step({at::ones({2}), at::zeros({2}, at::kLong)}, step);
    QCOMPARE(sum.item<double>(), 8.0);
    QCOMPARE(replay.take_outcome(),
             std::string("gpu_graphs: steps are not replayed: LibTorch: reads the device"));
    QCOMPARE(replay.replays(), std::int64_t{0});
  }

  // The same steps, words and points lead to the keys that the host would derive.
  void keys_of_another_step_are_derived_anew() {
    ReplayedKeys keys(at::kCPU);
    at::Tensor own, below, fixed;
    {
      const ReplayedKeys::Recording recording(keys);
      const RecordedDraws draws(5, 3);
      own = keys.number(draws.key(Stream::dropout));
      below = keys.number(draws.key(Stream::perturbation).with(2).with(7));
      fixed = keys.number(RandomKey::of(1, Stream::probe).with(4));
    }
    QVERIFY(!ReplayedKeys::recording());
    keys.set_step(5, 11);
    const SeededDraws at_eleven(5, 11);
    const auto bits = [](RandomKey key) { return static_cast<std::int64_t>(key.key); };
    QCOMPARE(own.item<std::int64_t>(), bits(at_eleven.key(Stream::dropout)));
    QCOMPARE(below.item<std::int64_t>(), bits(at_eleven.key(Stream::perturbation).with(2).with(7)));
    QCOMPARE(fixed.item<std::int64_t>(), bits(RandomKey::of(1, Stream::probe).with(4)));
  }

  void a_host_says_that_it_records_nothing() {
    Race race({small("dfa", {{"gpu_graphs", "true"}, {"device", "cpu"}})});
    const RaceInfo info = race.prepare();
    QVERIFY(std::count(info.notes.begin(), info.notes.end(), "gpu_graphs: nothing is recorded on cpu") == 1);
  }

 private:
  // Calls the work again with the number that it had when it was recorded.
  class Frozen : public Recorder {
   public:
    explicit Frozen(double& number) : number_(number) {}
    void record(const std::function<void()>& work) override {
      work_ = work;
      then_ = number_;
    }
    void replay() override {
      const double now = std::exchange(number_, then_);
      work_();
      number_ = now;
    }

   private:
    double& number_;
    double then_ = 0;
    std::function<void()> work_;
  };
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestStepReplay)
#include "test_step_replay.moc"
