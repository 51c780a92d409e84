// When losses are read, and what happens to a racer whose loss is not finite any more.
#include <torch/optim.h>

#include <QtTest>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "engine/session/session.h"
#include "engine/training/race.h"

#include "tests/training/whole_run.h"

namespace grapevine {

class TestLosses : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { choose_threads(1); }

  // As on a GPU, where every reading would wait for the device.
  void losses_that_stand_unread_are_the_same() {
    const std::vector<Experiment> racers{small("bp"), small("grape", {{"calibration.when", "epochs"}}),
                                         small("residual", {{"probe.every", "0"}})};
    const Run at_once = run(racers);
    for (const std::int64_t unread : {3, 16, 1000}) {
      const Run later = run(racers, {7, 15}, nullptr, unread);
      std::string where;
      for (int racer = 0; racer < 3; ++racer) {
        QCOMPARE(numbers_of(later, racer), numbers_of(at_once, racer));
        const auto r = static_cast<std::size_t>(racer);
        QVERIFY2(same_arrays(later.end.racers[r], at_once.end.racers[r], where), where.c_str());
        QCOMPARE(later.end.racers[r].numbers.at("epoch/loss"),
                 at_once.end.racers[r].numbers.at("epoch/loss"));
      }
      const Run rest = run(racers, {}, &later.stops.at(15), unread);
      for (int racer = 0; racer < 3; ++racer)
        QCOMPARE(numbers_of(rest, racer), numbers_of(at_once, racer, 15));
    }
  }

  void losses_stand_unread_until_they_are_settled() {
    Race race({small("bp", {{"probe.every", "0"}})});
    race.prepare();
    race.trainer(0).read_every(16);
    Report report;
    const auto losses = [&] {
      return std::count_if(report.samples.begin(), report.samples.end(),
                           [](const Sample& sample) { return measures()[sample.measure].key == "loss"; });
    };
    for (int i = 0; i < 3; ++i) race.step(report);
    QCOMPARE(losses(), 0);
    race.settle(report);
    QCOMPARE(losses(), 3);
    race.settle(report);
    QCOMPARE(losses(), 3);
  }

  // The outputs in which a segment could be found are gone when a loss is read later.
  void a_loss_that_left_the_numbers_is_told_with_its_own_step() {
    const auto complaint = [](std::int64_t unread) {
      try {
        run({small("bp", {{"optimizer.lr", "1e30"}, {"optimizer.name", "sgd"}})}, {}, nullptr, unread);
      } catch (const RunError& error) {
        return QString(error.what());
      }
      return QString("nothing");
    };
    const QString at_once = complaint(1);
    QVERIFY2(at_once.contains("at step ") && at_once.contains(", first in segment "), qPrintable(at_once));
    QCOMPARE(complaint(16), at_once.left(at_once.indexOf(", first")));
  }

  // By hand, between two readings: the one that had failed falls, the other is calibrated.
  void a_calibration_by_hand_finds_out_first_who_has_fallen() {
    Race race({small("dfa", {{"optimizer.lr", "1e30"}, {"optimizer.name", "sgd"}, {"probe.every", "0"}}),
               small("dfa", {{"probe.every", "0"}})});
    race.prepare();
    for (int i = 0; i < 2; ++i) race.trainer(i).read_every(16);
    Report report;
    for (int i = 0; i < 8; ++i) race.step(report);
    QVERIFY(report.events.empty());
    race.calibrate(-1, "by hand", report);
    QCOMPARE(report.events.size(), std::size_t{2});
    QVERIFY(report.events[0].kind == EventKind::failed && report.events[0].racer == 0);
    QVERIFY(report.events[1].kind == EventKind::calibration && report.events[1].racer == 1);
  }

  void a_lost_number_is_named_with_step_and_segment() {
    Race race({small("bp", {{"optimizer.name", "sgd"}, {"optimizer.lr", "1e30"}, {"probe.every", "0"}})});
    race.prepare();
    Report report;
    std::string message;
    try {
      for (int i = 0; i < 20; ++i) race.step(report);
    } catch (const RunError& error) {
      message = error.what();
    }
    QVERIFY2(message.find("the loss is not a number or infinite (NaN/Inf) at step ") == 0 &&
                 message.find(", first in segment ") != std::string::npos,
             message.c_str());
    QVERIFY(!report.samples.empty());
  }

  // Whatever is measured at the step at which the numbers go: a bound by singular values, a calibration.
  void so_it_is_where_every_step_is_measured() {
    for (const RuleDescriptor& rule : rules()) {
      Race race({small(rule.key, {{"optimizer.lr", "1e38"}, {"probe.every", "1"}})});
      race.prepare();
      Report report;
      try {
        for (int i = 0; i < 20; ++i) race.step(report);
      } catch (const RunError& error) {
        QVERIFY2(
            std::string(error.what()).find("the loss is not a number or infinite (NaN/Inf) at step ") == 0,
            (rule.key + ": " + error.what()).c_str());
      }
    }
  }

  // After the last step there is no next one to find it out.
  void a_test_loss_that_is_none_is_told() {
    const Run last = run({small("bp", {{"optimizer.lr", "1e38"},
                                       {"train.max_steps", "1"},
                                       {"data.validation", "60"},
                                       {"probe.every", "0"}})});
    std::vector<std::string> told;
    for (const Event& event : last.events)
      if (event.kind == EventKind::warning) told.push_back(event.cause);
    QCOMPARE(told.size(), std::size_t{2});
    for (std::size_t i = 0; i < 2; ++i)
      QCOMPARE(told[i], std::string(i == 0 ? "test" : "validation") +
                            " loss is not a number or infinite (NaN/Inf) after step 1");
  }

  void a_racer_that_fails_leaves_the_others_alone() {
    const Experiment broken = small("dfa", {{"optimizer.name", "sgd"}, {"optimizer.lr", "1e30"}});
    const Run race = run({broken, small("bp")}), alone = run({small("bp")});
    bool told = false;
    for (const Event& event : race.events)
      told = told || (event.kind == EventKind::failed && event.racer == 0);
    QVERIFY(told);
    QCOMPARE(numbers_of(race, 1), numbers_of(alone, 0));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestLosses)
#include "test_losses.moc"
