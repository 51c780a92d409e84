// Stop is heard in all long work: the test, the probe, the look at the alignment, the pool of a calibration.
// What is cut is told in no part (but for what a step's traces say, which can't be had twice and is told
// first), and done again at resume: the samples are those of a run that was never
// cut. Counted are the questions whether to stop, one before each layer's map, and no time.
#include <QtTest>
#include <bit>
#include <map>

#include "engine/experiment/registry.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

struct Told {
  std::vector<Sample> samples;
  std::vector<Event> events;
  CheckpointSet end;
};

/// "racer measure point step" → the value's bits; no times.
std::map<std::string, std::uint64_t> numbers_of(const std::vector<Sample>& samples) {
  std::map<std::string, std::uint64_t> all;
  for (const Sample& sample : samples) {
    const std::string& key = measures()[sample.measure].key;
    if (key.ends_with("_seconds")) continue;
    const std::string name = std::to_string(sample.racer) + " " + key + " " + std::to_string(sample.point) +
                             " " + std::to_string(sample.step);
    if (all.contains(name)) qFatal("%s was told twice", name.c_str());
    all[name] = std::bit_cast<std::uint64_t>(sample.value);
  }
  return all;
}

Experiment small(const std::string& rule, const std::map<std::string, std::string>& settings) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> base{{"data.name", "shapes"},   {"data.train_limit", "64"},
                                                {"data.test_limit", "40"}, {"model.hidden", "12,8"},
                                                {"train.batch", "16"},     {"train.epochs", "2"},
                                                {"threads", "1"},          {"probe.every", "3"},
                                                {"probe.batch", "16"},     {"seed", "5"}};
  for (const auto& [key, value] : base) experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

void run_on(Race& race, Report& report) {
  while (race.step(report)) {
  }
}

Told whole(const std::vector<Experiment>& racers) {
  Race race(racers);
  race.prepare();
  Report report;
  race.begin(report);
  run_on(race, report);
  return {report.samples, report.events, race.checkpoint()};
}

}  // namespace
}  // namespace grapevine

using namespace grapevine;

class TestStop : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_is_cut_is_done_again_data();
  void what_is_cut_is_done_again();
};

void TestStop::what_is_cut_is_done_again_data() {
  QTest::addColumn<QStringList>("rules");
  QTest::addColumn<QStringList>("settings");
  QTest::newRow("bp and dfa") << QStringList{"bp", "dfa"} << QStringList{};
  QTest::newRow("validation, plateau")
      << QStringList{"bp"}
      << QStringList{"data.validation=10", "schedule.name=plateau", "schedule.metric=validation_loss"};
  QTest::newRow("grape, calendar") << QStringList{"grape"}
                                   << QStringList{"calibration.when=steps", "calibration.every=3",
                                                  "calibration.batch=worst_residual",
                                                  "calibration.batch_size=16", "calibration.pool=32"};
  QTest::newRow("residual, event") << QStringList{"residual"}
                                   << QStringList{"calibration.when=event", "calibration.check_every=2",
                                                  "calibration.batch_size=16"};
  QTest::newRow("two with traces") << QStringList{"grape", "residual"}
                                   << QStringList{"probe.measures=cos_b_j,c_hat"};
  QTest::newRow("grape with traces") << QStringList{"grape"}
                                     << QStringList{"probe.measures=cos_b_j,c_hat,cos_jhat_j"};
}

void TestStop::what_is_cut_is_done_again() {
  QFETCH(QStringList, rules);
  QFETCH(QStringList, settings);
  std::map<std::string, std::string> chosen;
  for (const QString& setting : settings)
    chosen[setting.section('=', 0, 0).toStdString()] = setting.section('=', 1).toStdString();
  std::vector<Experiment> racers;
  for (const QString& rule : rules) racers.push_back(small(rule.toStdString(), chosen));
  const Told expected = whole(racers);
  const auto numbers = numbers_of(expected.samples);
  int tried = 0;
  for (int stop_at = 1;; stop_at += 7, ++tried) {
    int asked = 0;
    bool listening = false;
    Race race(racers);
    race.prepare({{}, [&] { return listening && ++asked >= stop_at; }});
    listening = true;
    Report report;
    race.begin(report);
    bool more = true;
    while (more && asked < stop_at) more = race.step(report);
    if (asked < stop_at) break;  // the whole run asks less often: all was tried
    QCOMPARE(asked, stop_at);    // not a layer more
    QVERIFY(more);               // something is left to do
    race.settle(report);
    const CheckpointSet set = race.checkpoint();

    Race again(racers);
    again.prepare();
    again.restore(set);
    Report rest;
    run_on(again, rest);
    again.settle(rest);
    std::vector<Sample> all = report.samples;
    all.insert(all.end(), rest.samples.begin(), rest.samples.end());
    QVERIFY2(numbers_of(all) == numbers, qPrintable(QString("cut at question %1").arg(stop_at)));
    QCOMPARE(report.events.size() + rest.events.size(), expected.events.size());
    const CheckpointSet end = again.checkpoint();
    for (std::size_t i = 0; i < racers.size(); ++i) {
      QVERIFY(end.racers[i].arrays.at("weights").bytes == expected.end.racers[i].arrays.at("weights").bytes);
      QVERIFY(end.racers[i].numbers.size() == expected.end.racers[i].numbers.size());
    }
  }
  QVERIFY2(tried > 3, qPrintable(QString::number(tried)));
}

QTEST_GUILESS_MAIN(TestStop)
#include "test_stop.moc"
