// Looking inside a run changes nothing of it: samples, events and state are those of the run nobody looked
// at.
#include <QtTest>
#include <bit>
#include <map>

#include "engine/experiment/registry.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

Experiment small(const std::string& rule, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> base{{"data.name", "shapes"},
                                                {"data.train_limit", "96"},
                                                {"data.test_limit", "40"},
                                                {"model.hidden", "12,8"},
                                                {"model.dropout", "0.2"},
                                                {"train.batch", "16"},
                                                {"train.epochs", "2"},
                                                {"threads", "1"},
                                                {"probe.every", "3"},
                                                {"probe.batch", "16"},
                                                {"seed", "5"}};
  for (const auto& [key, value] : base) experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

/// "racer measure point step" → the value's bits; no times.
std::map<std::string, std::uint64_t> numbers_of(const Report& report) {
  std::map<std::string, std::uint64_t> all;
  for (const Sample& sample : report.samples) {
    const std::string& key = measures()[sample.measure].key;
    if (key.ends_with("_seconds")) continue;
    all[std::to_string(sample.racer) + " " + key + " " + std::to_string(sample.point) + " " +
        std::to_string(sample.step)] = std::bit_cast<std::uint64_t>(sample.value);
  }
  return all;
}

struct Whole {
  std::map<std::string, std::uint64_t> numbers;
  CheckpointSet end;
};

Whole run(const std::vector<Experiment>& racers, const std::function<void(Race&)>& look) {
  Race race(racers);
  race.prepare();
  Report report;
  race.begin(report);
  do {
    if (look) look(race);
  } while (race.step(report));
  race.settle(report);
  return {numbers_of(report), race.checkpoint()};
}

}  // namespace
}  // namespace grapevine

using namespace grapevine;

class TestLooking : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void looking_changes_nothing_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("model");
    for (const RuleDescriptor& rule : rules())
      QTest::addRow("%s", rule.key.c_str()) << rule.key.c_str() << "mlp";
    QTest::newRow("grape, convolutions with batch norm") << "grape"
                                                         << "resnet20";
  }
  void looking_changes_nothing() {
    QFETCH(QString, rule);
    QFETCH(QString, model);
    std::map<std::string, std::string> settings{{"model.name", model.toStdString()}};
    if (model != "mlp") settings["train.max_steps"] = "3";
    const std::vector<Experiment> racers{small(rule.toStdString(), settings)};
    const Whole alone = run(racers, {});
    const Whole seen = run(racers, look);
    QVERIFY(!alone.numbers.empty());
    QVERIFY(alone.numbers == seen.numbers);
    const auto& before = alone.end.racers.front().arrays;
    const auto& after = seen.end.racers.front().arrays;
    QCOMPARE(before.size(), after.size());
    for (const auto& [name, array] : before) QVERIFY2(array.bytes == after.at(name).bytes, name.c_str());
  }

  void each_racer_asked_for_answers_once() {
    Race race({small("bp"), small("grape"), small("dfa", {{"model.hidden", "12"}})});
    race.prepare();
    Report report;
    race.begin(report);
    race.step(report);
    const InspectionSet all = race.inspect({{}, 2}, true, {});
    QCOMPARE(all.size(), std::size_t{3});
    for (std::size_t i = 0; i < 3; ++i) {
      QCOMPARE(all[i].racer, static_cast<int>(i));
      QCOMPARE(all[i].step, std::int64_t{1});
    }
    QVERIFY(all[0].trouble.empty() && all[1].trouble.empty());
    QCOMPARE(all[1].feedback.rows, std::int64_t{10});
    QCOMPARE(all[1].feedback.columns, std::int64_t{8});
    QVERIFY(QString::fromStdString(all[2].trouble).contains("1 to 1"));  // has one point
    const InspectionSet one = race.inspect({{1}, 1}, true, {});
    QCOMPARE(one.size(), std::size_t{1});
    QCOMPARE(one.front().features, std::int64_t{12});
  }

  void it_stops_where_somebody_wants_something_else() {
    Race race({small("grape")});
    race.prepare();
    Report report;
    race.begin(report);
    bool stopped = false;
    try {
      race.inspect({{}, 1}, true, [] { return true; });
    } catch (const WorkStopped&) {
      stopped = true;
    }
    QVERIFY(stopped);
    QVERIFY(race.step(report));
  }

 private:
  static void look(Race& race) {
    for (int point = 1; point <= 2; ++point) {
      race.inspect({{}, point}, true, {});
      const Rehearsal step =
          race.rehearse({.racer = 0, .point = point, .sample = 3, .unit = 5, .whole = false}, {});
      QVERIFY2(step.trouble.empty(), step.trouble.c_str());
      QCOMPARE(step.step, race.step_count() + 1);
      QVERIFY(!step.phases.empty());
    }
  }
};

QTEST_GUILESS_MAIN(TestLooking)
#include "test_looking.moc"
