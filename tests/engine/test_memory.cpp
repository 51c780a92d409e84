// A run's memory does not grow with its steps: what the process holds after many steps is what it held after
// a few.
#include <unistd.h>

#include <QtTest>
#include <algorithm>
#include <fstream>
#include <limits>

#include "engine/training/plain_errors.h"
#include "engine/training/race.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0, resident = 0;
  statm >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

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
                                                                     {"probe.batch", "32"}})
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

 private Q_SLOTS:
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

  // The allocator keeps some MB more or less from one moment to the next, hence the least of several looks. 3
  // MB of 240 steps, probes, tests and calibrations are 12 kB a step: less than one leaked activation
  // (32×6×24×24 floats are 0.4 MB).
  void does_not_grow_with_the_steps() {
    Race race({small("bp"), small("dfa"), small("grape"), small("residual"), small("fa")});
    race.prepare();
    const auto run = [&](int steps) {
      for (int i = 0; i < steps; ++i) {
        Report report;  // a run's reader takes it away; it is no memory of the step's
        QVERIFY(race.step(report));
      }
    };
    const auto least = [&] {
      double megabytes = std::numeric_limits<double>::infinity();
      for (int look = 0; look < 4; ++look) {
        run(60);
        megabytes = std::min(megabytes, resident_mb());
      }
      return megabytes;
    };
    run(80);
    const double before = least(), after = least();
    QVERIFY2(after - before < 3, qPrintable(QString("grew by %1 MB").arg(after - before)));
  }

  // LeNet-5's first convolution and its activation leave 512×32×28×28 floats each, 98 MB, for the step alone.
  // Each of three more racers would bring them, and more, if they didn't share it; what is its own, weights,
  // gradients, matrices and the two points' signals of 512×(6272 + 3136) floats, is near 25 MB.
  void racers_of_the_same_layers_share_what_layers_leave() {
    Experiment experiment = small("dfa");
    for (const auto& [key, value] : std::map<std::string, std::string>{{"model.width", "wide"},
                                                                       {"train.batch", "512"},
                                                                       {"data.train_limit", "512"},
                                                                       {"probe.every", "0"}})
      experiment.set_text(key, value);
    const auto taken = [&](std::size_t racers) {
      const double before = resident_mb();
      Race race(std::vector<Experiment>(racers, experiment));
      race.prepare();
      Report report;
      race.step(report);
      return resident_mb() - before;
    };
    taken(1);  // the library's own
    const double one = taken(1), four = taken(4);
    QVERIFY2(one > 98, qPrintable(QString::number(one)));
    QVERIFY2(four - one < 98, qPrintable(QString("%1 MB, of one racer %2").arg(four).arg(one)));
  }

  // 250 million floats are 1 GB. A sample of 1,000 numbers and two layers of 600,000 and 399,000 is a
  // million; a residual layer counts with the layers inside it, as large as its result.
  void as_many_are_tested_at_once_as_fit() {
    const auto dense = [](std::int64_t in, std::int64_t out) {
      LayerSpec layer;
      layer.type = "linear";
      layer.in = in;
      layer.out = out;
      return layer;
    };
    NetworkSpec spec{{1000}, {{dense(1000, 600000)}, {dense(600000, 399000)}}};
    QCOMPARE(samples_at_once(spec, 32, 1000), 250);
    QCOMPARE(samples_at_once(spec, 300, 1000), 300);
    QCOMPARE(samples_at_once(spec, 300, 100), 100);
    LayerSpec residual;
    residual.type = "residual";
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
