// When a calibration is due: by the calendar, or by the alignment that was lost, against formulas.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>

#include "engine/batches/image_batches.h"
#include "engine/error.h"
#include "tests/calibration/support.h"
#include "tests/nn/bed.h"
#include "tests/nn/oracle.h"

namespace grapevine {
namespace {

AlignmentTrigger trigger_with(bool cusum) {
  AlignmentTrigger trigger;
  trigger.settings.cusum = cusum;
  trigger.settings.smoothing = 0;  // the average is the last value: easy to follow by hand
  trigger.settings.low = 0.3;
  trigger.settings.high = 0.5;
  trigger.settings.checks = 3;
  trigger.settings.min_gap = 0;
  trigger.settings.slack = 0.1;
  trigger.settings.limit = 0.5;
  return trigger;
}

}  // namespace

class TestTrigger : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_calendar_says_when() {
    const at::Tensor values = at::zeros({3}, f64);
    const auto due = [&](const char* when, const char* every, std::int64_t step) {
      return !calibration_of(with("dfa", {{"calibration.when", when}, {"calibration.every", every}}), values)
                  .due(step, 10)
                  .empty();
    };
    QVERIFY(!due("never", "1", 10));
    QVERIFY(!due("manual", "1", 10));
    QVERIFY(due("epochs", "1", 10));
    QVERIFY(!due("epochs", "1", 11));
    QVERIFY(due("epochs", "2", 20));
    QVERIFY(!due("epochs", "2", 10));
    QVERIFY(due("steps", "7", 14));
    QVERIFY(!due("steps", "7", 13));
    QVERIFY(!due("steps", "7", 0));
  }

  void lost_alignment_fires_after_enough_checks_and_names_the_layer() {
    AlignmentTrigger trigger = trigger_with(false);
    QCOMPARE(trigger.check(10, {0.9, 0.2}), std::string());
    QCOMPARE(trigger.check(20, {0.9, 0.2}), std::string());
    QCOMPARE(trigger.check(30, {0.9, 0.4}), std::string());  // recovered: the count begins again
    QCOMPARE(trigger.check(40, {0.9, 0.2}), std::string());
    QCOMPARE(trigger.check(50, {0.9, 0.2}), std::string());
    const std::string cause = trigger.check(60, {0.9, 0.25});
    QVERIFY2(cause.find("point 2") == 0 && cause.find("0.250") != std::string::npos &&
                 cause.find("0.300") != std::string::npos,
             cause.c_str());
  }

  // Two points that are below in turn have neither been below for three checks in a row.
  void points_count_by_themselves() {
    AlignmentTrigger trigger = trigger_with(false);
    for (std::int64_t step = 10; step < 100; step += 10)
      QVERIFY(
          trigger.check(step, step % 20 == 0 ? std::vector<double>{0.1, 0.9} : std::vector<double>{0.9, 0.1})
              .empty());
    QVERIFY(trigger.check(100, {0.1, 0.9}).empty());
    QVERIFY(trigger.check(110, {0.1, 0.05}).empty());
    const std::string cause = trigger.check(120, {0.1, 0.05});
    QVERIFY2(cause.find("point 1") == 0,
             cause.c_str());  // the other, lower one, is below for the second time
  }

  void it_is_armed_again_only_above_the_upper_threshold() {
    AlignmentTrigger trigger = trigger_with(false);
    std::int64_t step = 0;
    const auto look = [&](double alignment) { return trigger.check(step += 10, {alignment}); };
    for (int i = 0; i < 2; ++i) look(0.1);
    QVERIFY(!look(0.1).empty());
    for (int i = 0; i < 10; ++i) QVERIFY(look(0.1).empty());
    look(0.45);  // between the thresholds: not yet
    for (int i = 0; i < 10; ++i) QVERIFY(look(0.1).empty());
    look(0.51);
    look(0.1);
    look(0.1);
    QVERIFY(!look(0.1).empty());
  }

  void the_average_is_exponential() {
    AlignmentTrigger trigger = trigger_with(false);
    trigger.settings.smoothing = 0.5;
    trigger.settings.checks = 1;
    QVERIFY(trigger.check(10, {0.9}).empty());   // 0.9
    QVERIFY(trigger.check(20, {0.1}).empty());   // 0.5
    QVERIFY(trigger.check(30, {0.12}).empty());  // 0.31
    QVERIFY(!trigger.check(40, {0.1}).empty());  // 0.205
  }

  void a_gap_is_kept() {
    AlignmentTrigger trigger = trigger_with(false);
    trigger.settings.checks = 1;
    trigger.settings.min_gap = 100;
    QVERIFY(!trigger.check(10, {0.1}).empty());
    trigger.check(20, {0.9});
    QVERIFY(trigger.check(30, {0.1}).empty());
    QVERIFY(trigger.check(109, {0.1}).empty());
    QVERIFY(!trigger.check(110, {0.1}).empty());
  }

  // S ← max(0, S + 0.5 − 0.1 − ĉ): 0, 0.2, 0.4, then 0.6 > 0.5.
  void a_cumulative_sum_adds_up_small_losses() {
    AlignmentTrigger trigger = trigger_with(true);
    QVERIFY(trigger.check(10, {0.9}).empty());
    QVERIFY(trigger.check(20, {0.2}).empty());
    QVERIFY(trigger.check(30, {0.2}).empty());
    const std::string cause = trigger.check(40, {0.2});
    QVERIFY2(cause.find("0.600") != std::string::npos, cause.c_str());
  }

  void the_trigger_comes_back_from_its_state() {
    AlignmentTrigger first = trigger_with(false), second = trigger_with(false);
    first.check(10, {0.8, 0.2});
    first.check(20, {0.8, 0.2});
    second.restore(first.state());
    QCOMPARE(second.check(30, {0.8, 0.2}), first.check(30, {0.8, 0.2}));
    QVERIFY(!first.state().empty());
    QCOMPARE(second.state(), first.state());
  }

  void the_budget_ends_event_calibrations() {
    const at::Tensor values = at::zeros({3}, f64);
    Calibration calibration = calibration_of(with("dfa", {{"calibration.when", "event"},
                                                          {"calibration.checks", "1"},
                                                          {"calibration.smoothing", "0"},
                                                          {"calibration.min_gap", "0"},
                                                          {"calibration.budget", "2"}}),
                                             values);
    QVERIFY(calibration.looks(10) && !calibration.looks(11));
    calibration.count = 1;
    QVERIFY(!calibration.look(10, {0.1}).empty());
    calibration.look(20, {0.9});
    calibration.count = 2;
    QVERIFY(calibration.look(30, {0.1}).empty());
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestTrigger)
#include "test_trigger.moc"
