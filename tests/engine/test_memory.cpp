// A run's memory does not grow with its steps: what the process holds after many steps is what it held after
// a few.
#include <unistd.h>

#include <QtTest>
#include <algorithm>
#include <fstream>
#include <limits>

#include "engine/training/plain_errors.h"
#include "engine/training/race.h"

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
    QCOMPARE(words, std::string("out of memory; use a smaller train.batch, probe.batch or model"));
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
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestMemory)
#include "test_memory.moc"
