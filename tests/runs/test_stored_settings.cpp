// Single settings of stored experiments: what is there is read, whatever else is not; what is not there is
// nothing, and no default.
#include <QtTest>

#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/runs/run_conditions.h"
#include "engine/runs/stored_settings.h"

using namespace grapevine;

class TestStoredSettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_is_stored_is_read() {
    Experiment experiment("dfa");
    experiment.set_text("seed", "7");
    experiment.set_text("optimizer.name", "rmsprop");
    const StoredSettings stored(experiment.to_json());
    QCOMPARE(stored.given(&RunSettings::seed).value(), std::int64_t{7});
    QCOMPARE(stored.given(&TrainSettings::batch).value(), TrainSettings().batch);
    QCOMPARE(stored.given(&RuleName::name).value(), std::string("dfa"));
    QVERIFY(stored.given(&OptimizerSettings::kind).value() == OptimizerKind::rmsprop);
    QVERIFY(!stored.given(&DataSettings::label_offset).value());  // auto is a value
  }
  void what_is_not_stored_is_nothing_data() {
    QTest::addColumn<QByteArray>("stored");
    QTest::newRow("curves alone") << QByteArray("{}");
    QTest::newRow("no JSON") << QByteArray("{seed");
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("a list") << QByteArray("[1, 2]");
    QTest::newRow("a group that is none") << QByteArray(R"({"train": 3, "rule": "dfa"})");
    QTest::newRow("words for numbers") << QByteArray(R"({"seed": "7", "train": {"batch": "many"}})");
    QTest::newRow("out of range") << QByteArray(R"({"train": {"batch": 0}})");
  }
  void what_is_not_stored_is_nothing() {
    QFETCH(QByteArray, stored);
    const StoredSettings settings = StoredSettings::of(stored.toStdString());
    QVERIFY(!settings.given(&RunSettings::seed));
    QVERIFY(!settings.given(&TrainSettings::batch));
    QVERIFY(!settings.given(&RuleName::name));
  }
  // A database that a newer program wrote: the others are read all the same.
  void a_word_of_another_version_is_read() {
    const StoredSettings stored = StoredSettings::of(
        R"({"rule": {"name": "later", "own": 1}, "seed": 3, "data": {"name": "new_set"}})");
    QCOMPARE(stored.given(&RuleName::name).value(), std::string("later"));
    QCOMPARE(stored.given(&DataSettings::name).value(), std::string("new_set"));
    QCOMPARE(stored.given(&RunSettings::seed).value(), std::int64_t{3});
  }
  void a_run_is_comparable_whatever_its_rule_rate_seed_and_machine() {
    Experiment one("dfa"), other("dfa");
    for (const auto& [key, text] :
         {std::pair{"seed", "4"}, std::pair{"name", "mine"}, std::pair{"optimizer.lr", "0.5"},
          std::pair{"threads", "3"}, std::pair{"checkpoint.every_seconds", "7"},
          std::pair{"data.dir", "/elsewhere"}})
      other.set_text(key, text);
    const RunConditions first = conditions_of(one.to_json().dump());
    QVERIFY(!first.settings.empty());
    QCOMPARE(conditions_of(other.to_json().dump()).settings, first.settings);
    other.set_text("calibration.budget", "5");
    QVERIFY(conditions_of(other.to_json().dump()).settings != first.settings);
    QCOMPARE(conditions_of(other.to_json().dump()).but_calibration, first.but_calibration);
    other.set_text("train.batch", "5");
    QVERIFY(conditions_of(other.to_json().dump()).but_calibration != first.but_calibration);
  }
  // MNIST has 10,000 test images.
  void as_many_tests_as_the_settings_leave() {
    QCOMPARE(conditions_of(R"({"data": {"name": "mnist", "test_limit": 500}})").tests, std::int64_t{500});
    QCOMPARE(conditions_of(R"({"data": {"name": "mnist"}})").tests, std::int64_t{10000});
    QCOMPARE(conditions_of(R"({"data": {"name": "mnist", "test_limit": 20000}})").tests, std::int64_t{10000});
    QCOMPARE(conditions_of(R"({"data": {"name": "new_set", "test_limit": 40}})").tests, std::int64_t{40});
    QCOMPARE(conditions_of(R"({"data": {"test_limit": 40}})").tests, std::int64_t{0});
  }
};

QTEST_GUILESS_MAIN(TestStoredSettings)
#include "test_stored_settings.moc"
