// Training on from another run's state: the numbers of one long run where nothing depends on the length, and
// a schedule that counts from there.
#include <QtTest>
#include <cstring>

#include "engine/experiment/registry.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

Experiment small(const std::string& rule, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> base{{"data.name", "shapes"},   {"data.train_limit", "160"},
                                                {"data.test_limit", "40"}, {"model.hidden", "16,12"},
                                                {"train.batch", "32"},     {"threads", "1"},
                                                {"probe.every", "4"},      {"probe.batch", "20"}};
  for (const auto& [key, value] : base) experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

struct Trained {
  std::vector<Sample> samples;
  CheckpointSet end;

  /// The bits of what was measured behind a step, but for times and for sums and means from the run's own
  /// first probe on.
  std::map<std::string, std::uint64_t> after(std::int64_t step) const {
    std::map<std::string, std::uint64_t> all;
    for (const Sample& sample : samples) {
      const std::string& key = measures()[sample.measure].key;
      if (sample.step <= step || key.ends_with("seconds") || key == "zoutendijk" ||
          key.starts_with("descent_ratio_mean"))
        continue;
      std::uint64_t bits = 0;
      std::memcpy(&bits, &sample.value, sizeof bits);
      all[key + " " + std::to_string(sample.point) + " " + std::to_string(sample.step)] = bits;
    }
    return all;
  }
  std::vector<double> rates() const {
    std::vector<double> all;
    for (const Sample& sample : samples)
      if (measures()[sample.measure].key == "learning_rate") all.push_back(sample.value);
    return all;
  }
};

Trained train(const Experiment& experiment, const CheckpointSet* from = nullptr) {
  Race race({experiment});
  race.prepare();
  Report report;
  if (from) race.restore(*from);
  race.begin(report);
  while (race.step(report)) {
  }
  race.settle(report);
  return {report.samples, race.checkpoint()};
}

CheckpointSet as_a_beginning(CheckpointSet set) {
  for (Checkpoint& racer : set.racers) begin_new_run(racer);
  return set;
}

}  // namespace

class TestFurtherTraining : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void at_a_constant_rate_two_runs_are_one_long_one_data() {
    QTest::addColumn<QString>("rule");
    for (const char* rule : {"bp", "grape", "dkp", "kp", "residual"}) QTest::newRow(rule) << rule;
  }
  void at_a_constant_rate_two_runs_are_one_long_one() {
    QFETCH(QString, rule);
    const std::string key = rule.toStdString();
    const Trained whole = train(small(key, {{"train.epochs", "5"}}));
    const Trained first = train(small(key, {{"train.epochs", "2"}}));
    const CheckpointSet begin = as_a_beginning(first.end);
    const Trained second = train(small(key, {{"train.epochs", "3"}}), &begin);
    QCOMPARE(second.end.racers[0].step, whole.end.racers[0].step);
    const auto got = second.after(11), want = whole.after(11);  // the first run's last step is measured twice
    QVERIFY(got.size() > 20);
    for (const auto& [place, bits] : want)
      QVERIFY2(got.contains(place) && got.at(place) == bits, place.c_str());
    QCOMPARE(got.size(), want.size());
    QVERIFY(second.end.racers[0].arrays.at("weights").bytes ==
            whole.end.racers[0].arrays.at("weights").bytes);
  }

  void a_schedule_counts_from_where_the_run_begins() {
    const std::map<std::string, std::string> cosine{
        {"schedule.name", "cosine"}, {"train.epochs", "4"}, {"optimizer.lr", "0.001"}};
    const Trained first = train(small("bp", cosine));
    const CheckpointSet begin = as_a_beginning(first.end);
    const Trained second = train(small("bp", cosine), &begin);
    QCOMPARE(second.rates(), first.rates());
    QCOMPARE(second.rates().front(), 0.001);
  }

  // Interrupted and resumed from its own checkpoint it still knows where it began.
  void a_checkpoint_of_its_own_keeps_the_beginning() {
    const std::map<std::string, std::string> cosine{{"schedule.name", "cosine"}, {"train.epochs", "3"}};
    const CheckpointSet begin = as_a_beginning(train(small("bp", cosine)).end);
    Race race({small("bp", cosine)});
    const RaceInfo info = race.prepare();
    race.restore(begin);
    Report report;
    for (int step = 0; step < 7; ++step) race.step(report);
    const CheckpointSet middle = race.checkpoint();
    QCOMPARE(origin_step(middle.racers[0]), info.total_steps);
    const Trained whole = train(small("bp", cosine), &begin), rest = train(small("bp", cosine), &middle);
    QCOMPARE(rest.end.racers[0].step, 2 * info.total_steps);
    QVERIFY(rest.end.racers[0].arrays.at("weights").bytes == whole.end.racers[0].arrays.at("weights").bytes);
  }

  void a_plateau_begins_anew() {
    // The loss never falls by this much of itself: each epoch halves the rate.
    const std::map<std::string, std::string> settings{
        {"schedule.name", "plateau"},     {"schedule.decay", "0.5"}, {"schedule.patience", "0"},
        {"schedule.metric", "test_loss"}, {"train.epochs", "3"},     {"optimizer.lr", "1e-12"}};
    const Trained first = train(small("bp", settings));
    QVERIFY(first.rates().back() < 1e-12);
    const CheckpointSet begin = as_a_beginning(first.end);
    QCOMPARE(train(small("bp", settings), &begin).rates().front(), 1e-12);
  }

  void a_calibration_begins_the_mean_of_the_estimates_anew() {
    Race race({small("grape", {{"rule.estimate_average", "cumulative"},
                               {"calibration.when", "steps"},
                               {"calibration.every", "3"},
                               {"train.epochs", "1"}})});
    race.prepare();
    Report report;
    while (race.step(report)) {
    }
    const CheckpointSet end = race.checkpoint();
    float count = 0;
    std::memcpy(&count, end.racers[0].arrays.at("rule/jacobian_average_count/1").bytes.data(), sizeof count);
    QCOMPARE(count, 2.0F);  // of five steps, those behind the third
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestFurtherTraining)
#include "test_further_training.moc"
