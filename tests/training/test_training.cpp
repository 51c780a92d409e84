// Trainers and races: the same seed the same numbers bit for bit, a race's racer the same as the run alone,
// and a run resumed from a checkpoint the same as one never interrupted, for every rule.
#include <torch/optim.h>

#include <QtTest>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "engine/session/session.h"
#include "engine/training/costs.h"
#include "engine/training/race.h"

#include "tests/training/whole_run.h"

namespace grapevine {
namespace {

std::vector<std::string> keys_of_rules() {
  std::vector<std::string> keys;
  for (const auto& rule : rules()) keys.push_back(rule.key);
  return keys;
}

}  // namespace

class TestTraining : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { choose_threads(1); }

  void the_same_seed_gives_the_same_bits() {
    const std::vector<Experiment> racers{small("grape"), small("residual"), small("wm")};
    const Run first = run(racers), second = run(racers);
    for (int racer = 0; racer < 3; ++racer) {
      QVERIFY(!numbers_of(first, racer).empty());
      QCOMPARE(numbers_of(first, racer), numbers_of(second, racer));
      std::string where;
      QVERIFY2(same_arrays(first.end.racers[static_cast<std::size_t>(racer)],
                           second.end.racers[static_cast<std::size_t>(racer)], where),
               where.c_str());
    }
    const Run other = run({small("grape", {{"seed", "6"}})});
    QVERIFY(numbers_of(other, 0) != numbers_of(first, 0));
  }

  void a_racer_does_what_the_run_alone_does() {
    const std::vector<std::string> keys = keys_of_rules();
    std::vector<Experiment> racers;
    for (const auto& key : keys) racers.push_back(small(key));
    const Run race = run(racers);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const Run alone = run({small(keys[i])});
      QVERIFY2(numbers_of(race, static_cast<int>(i)) == numbers_of(alone, 0), keys[i].c_str());
    }
  }

  // What a session does when the networks can't stand: it settles what there is, and tells why.
  void a_race_that_cannot_be_set_up_is_told_through_the_session() {
    const auto box = std::make_shared<ObservationBox>();
    SessionPlan plan;
    plan.racers = {small("bp"), small("dfa", {{"data.train_limit", "5"},
                                              {"calibration.when", "steps"},
                                              {"calibration.what", "feedback"}})};
    plan.racers[0].set_text("data.train_limit", "5");
    Session session(plan, [](const auto& racers) { return std::make_unique<Race>(racers); }, {{box, false}});
    session.join();
    QVERIFY(session.failed_on_input());
    QVERIFY2(session.failure().find("a refit of the feedback needs") != std::string::npos,
             session.failure().c_str());
  }

  void racers_start_from_the_same_weights_and_see_the_same_batches() {
    Race race({small("bp"), small("dfa"), small("fa")});
    race.prepare();
    const CheckpointSet start = race.checkpoint();
    for (int i = 1; i < 3; ++i)
      QVERIFY(start.racers[static_cast<std::size_t>(i)].arrays.at("weights").bytes ==
              start.racers[0].arrays.at("weights").bytes);
    Report report;
    race.step(report);
    std::vector<double> losses;
    for (const Sample& sample : report.samples)
      if (measures()[sample.measure].key == "loss") losses.push_back(sample.value);
    QCOMPARE(losses.size(), std::size_t{3});
    QVERIFY(losses[0] == losses[1] && losses[1] == losses[2]);
  }

  // A stop at any step, also within an epoch, changes no later number: not a loss, not a measure, not a
  // weight.
  void a_resumed_run_is_the_run_that_never_stopped_data() {
    QTest::addColumn<QString>("rule");
    for (const auto& key : keys_of_rules()) QTest::newRow(key.c_str()) << QString::fromStdString(key);
  }

  void a_resumed_run_is_the_run_that_never_stopped() {
    QFETCH(QString, rule);
    std::map<std::string, std::string> settings;
    if (find_rule(rule.toStdString())->calibrates)
      settings = {{"calibration.when", "event"},    {"calibration.what", "both"},
                  {"calibration.checks", "2"},      {"calibration.min_gap", "3"},
                  {"calibration.check_every", "2"}, {"calibration.batch_size", "16"},
                  {"schedule.name", "plateau"},     {"schedule.patience", "0"}};
    const Experiment experiment = small(rule.toStdString(), settings);
    const Run whole = run({experiment}, {7, 10, 17});
    for (const auto& [step, checkpoint] : whole.stops) {
      const Run rest = run({experiment}, {}, &checkpoint);
      QVERIFY(!numbers_of(rest, 0).empty());
      QVERIFY2(numbers_of(rest, 0) == numbers_of(whole, 0, step), qPrintable(QString::number(step)));
      std::string where;
      QVERIFY2(same_arrays(rest.end.racers[0], whole.end.racers[0], where), where.c_str());
    }
  }

  void the_last_step_is_measured_whatever_the_cadence() {
    const Run result = run({small("grape", {{"probe.every", "1000"}, {"train.max_steps", "13"}})});
    bool at_the_end = false;
    for (const Sample& sample : result.samples)
      at_the_end = at_the_end || (measures()[sample.measure].key == "cos_b_j" && sample.step == 13);
    QVERIFY(at_the_end);
  }

  void measuring_changes_no_training() {
    const Run often = run({small("grape", {{"probe.every", "1"}})}),
              never = run({small("grape", {{"probe.every", "0"}})});
    QVERIFY(often.end.racers[0].arrays.at("weights").bytes == never.end.racers[0].arrays.at("weights").bytes);
  }

  void live_settings_take_hold_and_others_are_refused() {
    Race race({small("grape")});
    race.prepare();
    race.set(-1, "optimizer.lr", "0.5");
    race.set(-1, "rule.align_rate", "0.25");
    QCOMPARE(race.trainer(0).experiment().number("optimizer.lr"), 0.5);
    for (const char* fixed : {"train.batch", "rule.norm", "no.such"}) {
      bool refused = false;
      try {
        race.set(-1, fixed, "3");
      } catch (const InputError& error) {
        refused = std::string(error.what()).find(fixed) != std::string::npos;
      }
      QVERIFY2(refused, fixed);
    }
  }

  void probe_cadence_keeps_measures_below_a_twentieth_of_the_arithmetic() {
    for (const auto& key : keys_of_rules()) {
      const Experiment experiment =
          small(key, {{"probe.every", "auto"}, {"model.hidden", "256,256,256"}, {"train.batch", "128"}});
      const NetworkSpec spec = build_model(experiment, data_shape(experiment));
      const NetworkCost cost = measure_cost(spec);
      const std::unique_ptr<Rule> rule = make_rule(experiment);
      Network network(spec, at::TensorOptions().dtype(at::kFloat));
      rule->attach(network, 1);
      const double probe = Probe::multiply_adds(
          probe_measures(ProbeSettings::of(experiment), data_shape(experiment).classes), *rule, cost, 40);
      const double every = static_cast<double>(probe_cadence(experiment, *rule, cost));
      QVERIFY2(probe / every <= 0.05 * rule->multiply_adds(cost, 128), key.c_str());
    }
  }

  void every_rule_learns_something() {
    for (const auto& key : keys_of_rules()) {
      const Run result = run({small(key, {{"train.epochs", "20"},
                                          {"model.dropout", "0"},
                                          {"data.train_limit", "640"},
                                          {"probe.every", "0"}})});
      // DRTP drives logits without seeing the error, PEPITA teaches hidden layers by differences: their loss
      // may rise while more samples come out right.
      const bool rises = key == "drtp" || key == "pepita";
      const char* measure = rises ? "train_accuracy" : "train_loss";
      std::vector<double> values;
      for (const Sample& sample : result.samples)
        if (measures()[sample.measure].key == measure) values.push_back(sample.value);
      QVERIFY2(rises ? values.back() > values.front() : values.back() < values.front(), key.c_str());
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestTraining)
#include "test_training.moc"
