// The best epoch and the early stop: which value counts, when a racer has waited long enough, and that it
// ends as the run alone does.
#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/experiment/registry.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

/// At a rate of 0 in effect nothing ever gets better than after the first epoch.
Experiment small(const std::string& rule, const std::string& rate,
                 const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> base{{"data.name", "shapes"},    {"data.train_limit", "160"},
                                                {"data.test_limit", "100"}, {"data.validation", "64"},
                                                {"model.hidden", "24"},     {"train.batch", "32"},
                                                {"train.epochs", "8"},      {"threads", "1"},
                                                {"optimizer.lr", rate},     {"probe.every", "0"},
                                                {"train.patience", "2"}};
  for (const auto& [key, value] : base) experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

struct Raced {
  Report report;
  CheckpointSet end;
  std::int64_t steps = 0;
  std::vector<std::int64_t> bests;  ///< steps that were told as a new best

  std::vector<double> values(const std::string& key, int racer) const {
    std::vector<double> all;
    for (const Sample& sample : report.samples)
      if (sample.racer == racer && measures()[sample.measure].key == key) all.push_back(sample.value);
    return all;
  }
};

Raced run(const std::vector<Experiment>& racers) {
  Race race(racers);
  race.prepare();
  Raced raced;
  for (bool more = true; more;) {
    raced.report.new_best = false;
    more = race.step(raced.report);
    if (raced.report.new_best) raced.bests.push_back(race.step_count());
  }
  raced.end = race.checkpoint();
  raced.steps = race.step_count();
  return raced;
}

}  // namespace

class TestBest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_earliest_of_equal_values_is_the_best() {
    BestSoFar best(*find_measure("test_accuracy"), 2);
    best.note(std::nan(""), 1);
    QCOMPARE(best.step(), -1);
    best.note(0.5, 2);
    best.note(0.5, 3);
    QVERIFY(best.step() == 2 && best.waited() == 1 && !best.is_over());
    best.note(0.6, 4);
    QVERIFY(best.step() == 4 && best.value() == 0.6 && best.waited() == 0);
    best.note(0.1, 5);
    best.note(INFINITY, 6);
    QVERIFY(best.is_over() && best.step() == 4);
    BestSoFar loss(*find_measure("validation_loss"), 0);
    loss.note(2, 1);
    loss.note(1, 2);
    loss.note(3, 3);
    QVERIFY(loss.step() == 2 && !loss.is_over());  // less is better; and without patience it never ends
  }

  void a_run_ends_after_its_patience() {
    const Raced raced = run({small("bp", "1e-12")});
    const std::int64_t epoch = 3;  // 160 − 64 samples in batches of 32
    QCOMPARE(raced.steps, 3 * epoch);
    QCOMPARE(raced.report.events.back().kind.text(), std::string("finished"));
    const std::string& cause = raced.report.events.back().cause;
    QVERIFY2(cause.find("validation accuracy has had no new best for 2 epochs") != std::string::npos,
             cause.c_str());
    const auto data = nlohmann::json::parse(raced.report.events.back().data);
    QCOMPARE(data.at("measure").get<std::string>(), std::string("validation_accuracy"));
    QCOMPARE(data.at("best_step").get<std::int64_t>(), epoch);
    QVERIFY(raced.bests.empty());  // nothing is to be kept of it
  }

  void a_racer_ends_as_the_run_alone_and_the_others_go_on() {
    const Experiment slow = small("dfa", "1e-12"),
                     fast = small("bp", "0.003", {{"train.monitor", "train_loss"}});
    Experiment slow_by_loss = slow;
    slow_by_loss.set_text("train.monitor", "train_loss");
    const Raced race = run({fast, slow_by_loss}), alone = run({slow_by_loss}), other = run({fast});
    QVERIFY(alone.steps < other.steps);
    QCOMPARE(race.steps, other.steps);
    QVERIFY(race.values("loss", 1) == alone.values("loss", 0));
    QVERIFY(race.values("loss", 0) == other.values("loss", 0));
    QVERIFY(race.end.racers[1].numbers.at(done_number) == 1 &&
            !race.end.racers[0].numbers.contains(done_number));
    QVERIFY(race.end.racers[1].arrays.at("weights").bytes == alone.end.racers[0].arrays.at("weights").bytes);
  }

  void patience_counts_on_after_a_checkpoint() {
    const Experiment experiment = small("bp", "1e-12");
    Race race({experiment});
    race.prepare();
    Report report;
    for (int step = 0; step < 7; ++step) race.step(report);
    const CheckpointSet middle = race.checkpoint();
    Race rest({experiment});
    rest.prepare();
    rest.restore(middle);
    while (rest.step(report)) {
    }
    QCOMPARE(rest.step_count(), 9);
  }

  void a_new_best_is_told_where_it_is_to_be_kept() {
    const Raced raced = run({small("bp", "0.003", {{"checkpoint.keep", "best"}, {"train.patience", "0"}})});
    const std::vector<double> accuracy = raced.values("validation_accuracy", 0);
    std::vector<std::int64_t> expected;
    double best = -1;
    for (std::size_t epoch = 0; epoch < accuracy.size(); ++epoch)
      if (accuracy[epoch] > best) {
        best = accuracy[epoch];
        expected.push_back(3 * static_cast<std::int64_t>(epoch + 1));
      }
    QVERIFY(!expected.empty() && raced.bests == expected);
  }

  void what_can_not_be_looked_at_is_refused_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("words");
    QTest::newRow("no validation data") << "data.validation"
                                        << "0"
                                        << "set data.validation";
    QTest::newRow("images have no perplexity") << "train.monitor"
                                               << "test_perplexity"
                                               << "use test_accuracy";
  }
  void what_can_not_be_looked_at_is_refused() {
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, words);
    const Experiment fine = small("bp", "0.001");
    QVERIFY(fine.complaints().empty());
    Experiment experiment = fine;
    experiment.set_text(key.toStdString(), value.toStdString());
    const auto complaints = experiment.complaints();
    QCOMPARE(complaints.size(), std::size_t{1});
    QCOMPARE(complaints.front().key, std::string("train.monitor"));
    QVERIFY2(complaints.front().message.find(words.toStdString()) != std::string::npos,
             complaints.front().message.c_str());
    experiment.set("train.patience", std::int64_t{0});
    QVERIFY(experiment.complaints().empty());  // nobody looks
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestBest)
#include "test_best.moc"
