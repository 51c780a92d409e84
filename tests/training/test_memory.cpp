// What a run's tensors hold: no more after many steps than after a few, and layers' values once for all
// racers of the same layers. The process' own size tells neither: its allocator keeps tens of MB more or
// less.
#include <ATen/Parallel.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <QtTest>
#include <algorithm>
#include <memory>
#include <optional>

#include "engine/nn/plain_errors.h"
#include "engine/training/costs.h"
#include "engine/training/race.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

// Counts the bytes of every tensor allocated and freed by this thread while it lives. A guard of this kind is
// LibTorch's own way for a profiler to look on.
class Held : public c10::MemoryReportingInfoBase {
 public:
  // LibTorch 1.13 calls the first, 2.x the second; the other is then no override.
  virtual void reportMemoryUsage(void*, std::int64_t bytes, std::int64_t, std::int64_t, c10::Device) {
    bytes_ += bytes;
  }
  virtual void reportMemoryUsage(void*, std::int64_t bytes, std::size_t, std::size_t, c10::Device) {
    bytes_ += bytes;
  }
  bool memoryProfilingEnabled() const override { return true; }
  std::int64_t bytes() const { return bytes_; }

 private:
  std::int64_t bytes_ = 0;
};

Experiment small(const std::string& rule) {
  Experiment experiment(rule);
  for (const auto& [key, value] : std::map<std::string, std::string>{{"data.name", "shapes"},
                                                                     {"data.train_limit", "256"},
                                                                     {"data.test_limit", "64"},
                                                                     {"model.name", "lenet5"},
                                                                     {"model.width", "classic"},
                                                                     {"train.batch", "32"},
                                                                     {"train.epochs", "1000"},
                                                                     {"probe.every", "20"},
                                                                     {"probe.batch", "32"},
                                                                     {"threads", "1"}})
    experiment.set_text(key, value);
  if (rule == "grape") {
    experiment.set_text("calibration.when", "steps");
    experiment.set_text("calibration.every", "10");
    experiment.set_text("calibration.what", "both");
  }
  return experiment;
}

}  // namespace

class TestMemory : public QObject {
  Q_OBJECT

  // One thread: what others allocate the count can't see.
  std::shared_ptr<Held> held_ = std::make_shared<Held>();
  std::optional<c10::DebugInfoGuard> guard_;

 private Q_SLOTS:
  void initTestCase() {
    at::set_num_threads(1);
    guard_.emplace(c10::DebugInfoKind::PROFILER_STATE, held_);
  }
  void cleanupTestCase() { guard_.reset(); }

  void too_much_memory_is_told_in_plain_words() {
    std::string words;
    try {
      in_plain_words([] { return at::empty({std::int64_t{1} << 50}); });
    } catch (const RunError& error) {
      words = error.what();
    }
    QCOMPARE(words,
             std::string("out of memory; use a smaller train.batch, probe.batch or model, fewer racers, "
                         "or data.train_limit"));
    try {
      in_plain_words([] { return at::zeros({2, 3}).mm(at::zeros({2, 3})); });
    } catch (const RunError& error) {
      words = error.what();
    }
    QVERIFY2(words.starts_with("LibTorch: ") && words.find('\n') == std::string::npos, words.c_str());
  }

  // Steps 80 and 320 end alike: a probe, a calibration, the epoch's eight batches, sixteen losses read. So
  // what tensors hold must be the same to the byte.
  void does_not_grow_with_the_steps() {
    Race race({small("bp"), small("dfa"), small("grape"), small("residual"), small("fa")});
    race.prepare();
    const auto run = [&](int steps) {
      for (int i = 0; i < steps; ++i) {
        Report report;  // a run's reader takes it away; it is not memory of the step's
        QVERIFY(race.step(report));
      }
    };
    run(80);
    const std::int64_t before = held_->bytes();
    QVERIFY(before > 1 << 20);
    run(240);
    QCOMPARE(held_->bytes() - before, std::int64_t{0});
  }

  // LeNet-5's first convolution and its activation leave 512×32×28×28 floats each, 98 MB together, for the
  // step alone. Each of three more racers would bring them, and more, if they didn't share it; what is its
  // own: weights, gradients, matrices and the two points' signals of 512×(6272 + 3136) floats, below 30 MB.
  void racers_of_the_same_layers_share_what_layers_leave() {
    Experiment experiment = small("dfa");
    for (const auto& [key, value] : std::map<std::string, std::string>{{"model.width", "wide"},
                                                                       {"train.batch", "512"},
                                                                       {"data.train_limit", "512"},
                                                                       {"probe.every", "0"}})
      experiment.set_text(key, value);
    const auto taken = [&](std::size_t racers) {
      const std::int64_t before = held_->bytes();
      Race race(std::vector<Experiment>(racers, experiment));
      race.prepare();
      Report report;
      race.step(report);
      return static_cast<double>(held_->bytes() - before) / (1 << 20);
    };
    const double one = taken(1), four = taken(4);
    QVERIFY2(one > 98, qPrintable(QString::number(one)));
    QVERIFY2(four - one < 98, qPrintable(QString("%1 MB, of one racer %2").arg(four).arg(one)));
  }

  // By hand: 4 tokens, 6 features, 2 heads, 8 wide. Embedding and positions 24 each. A block: 72 for queries,
  // keys and values, the same by heads and 2·4·4 weights, 24 of attention, 24 of its linear layer, the sum
  // 24, the norm 24; then 32 and 32 wide, 24, the sum 24, the norm 24. With dropout each has two more of the
  // weights, and each dropout its result: behind the embedding, both sums' and the wide layer.
  void what_a_step_keeps_of_a_batch() {
    Experiment experiment("bp");
    experiment.set_text("model.name", "transformer");
    for (const auto& [key, value] : std::vector<std::pair<const char*, const char*>>{{"model.d_model", "6"},
                                                                                     {"model.d_ff", "8"},
                                                                                     {"model.heads", "2"},
                                                                                     {"model.depth", "1"},
                                                                                     {"model.dropout", "0"},
                                                                                     {"train.batch", "10"},
                                                                                     {"data.name", "text"}})
      experiment.set_text(key, value);
    const DataShape shape{{4}, 50};
    const double plain = 24 + 24 + (72 + 72 + 32 + 24 + 24 + 24 + 24) + (32 + 32 + 24 + 24 + 24);
    QCOMPARE(activation_bytes({experiment}, shape), 4 * 10 * plain);
    Experiment other = experiment;  // another network
    other.set_text("model.dropout", "0.5");
    const double dropped = plain + 2 * 32 + 24 + 24 + 32 + 24;
    QCOMPARE(activation_bytes({other}, shape), 4 * 10 * dropped);
    QCOMPARE(activation_bytes({experiment, other, experiment}, shape), 4 * 10 * (plain + dropped));
  }

  void large_activations_are_told_before_the_start() {
    const std::string words = "a batch's activations take about 6.6 GB, a step two to three times that";
    QCOMPARE(activation_note(9e8, 1e8), std::string());
    QCOMPARE(activation_note(6.6e9, 16e9), words);
    QCOMPARE(activation_note(6.6e9, 0), words);
    QCOMPARE(activation_note(6.6e9, 13e9), words +
                                               "; 13.0 GB of memory are free: a smaller train.batch needs "
                                               "less, for text a smaller data.context");
  }

  // 250 million floats are 1 GB. A sample of 1,000 numbers and two layers of 600,000 and 399,000 is a
  // million; a residual layer counts with the layers inside it, as large as its result.
  void as_many_are_tested_at_once_as_fit() {
    const auto dense = [](std::int64_t in, std::int64_t out) {
      LayerSpec layer;
      layer.kind = LayerKind::linear;
      layer.in = in;
      layer.out = out;
      return layer;
    };
    NetworkSpec spec{{1000}, {{dense(1000, 600000)}, {dense(600000, 399000)}}};
    QCOMPARE(samples_at_once(spec, 32, 1000), 250);
    QCOMPARE(samples_at_once(spec, 300, 1000), 300);
    QCOMPARE(samples_at_once(spec, 300, 100), 100);
    LayerSpec residual;
    residual.kind = LayerKind::residual;
    residual.body = {dense(1000, 50), dense(50, 1000), dense(1000, 1000)};
    spec.segments = {{residual}, {dense(1000, 995000)}};
    QCOMPARE(samples_at_once(spec, 8, 1000), 250);
    spec.segments = {{dense(1000, 10)}};
    QCOMPARE(samples_at_once(spec, 8, 1000), 1000);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestMemory)
#include "test_memory.moc"
