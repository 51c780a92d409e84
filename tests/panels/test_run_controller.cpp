// The run in progress, with a fake stepper and a real store: play, pause, step, stop, reset, resume, and
// every end.
#include <QSignalSpy>
#include <QTest>

#include "engine/runs/run_reader.h"
#include "tests/panels/run_controller_fixture.h"
#include "ui/panels/pace.h"
#include "ui/panels/status_strip.h"

using namespace grapevine;

class TestRunController : public QObject, private RunControllerFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { start_over(); }
  void the_pace_has_tests_in_it_and_pauses_not();
  void runs_to_its_end_and_is_stored();
  void pauses_steps_and_goes_on();
  void stops_as_stopped();
  void counts_steps_from_idle();
  void live_numbers_equal_stored_ones();
  void live_setting_reaches_the_stepper();
  void refused_setting_is_told();
  void calibrates_all_racers();
  void reset_repeats_settings_and_seed();
};

// Twenty steps per second for ten seconds, ten seconds of testing, a pause of a minute: 200 steps in 20
// seconds.
void TestRunController::the_pace_has_tests_in_it_and_pauses_not() {
  using namespace std::chrono_literals;
  const Pace::Clock::time_point start{};
  Pace pace;
  QCOMPARE(pace.steps_per_second(), 0.0);
  for (int second = 0; second <= 20; ++second)
    pace.note(true, 20 * std::min(second, 10), start + second * 1s);
  QCOMPARE(pace.steps_per_second(), 10.0);
  pace.note(false, 200, start + 30s);
  pace.note(true, 200, start + 90s);
  QCOMPARE(pace.steps_per_second(), 10.0);
  pace.note(true, 240, start + 92s);
  QCOMPARE(pace.steps_per_second(), 20.0);
}

void TestRunController::runs_to_its_end_and_is_stored() {
  auto run = make();
  QSignalSpy stored(run.get(), &RunController::stored), prepared(run.get(), &RunController::prepared);
  run->start(race(), RunController::Begin::running);
  QVERIFY(run->busy());
  QVERIFY(stored.wait(20000));
  QCOMPARE(prepared.count(), 1);
  QVERIFY(!run->busy());
  QCOMPARE(run->state(), SessionState::finished);
  QCOMPARE(run->step_now(), world_->total_steps);
  QCOMPARE(run->runs().size(), std::size_t{2});
  const auto list = RunReader(database()).list();
  QCOMPARE(list.size(), std::size_t{2});
  for (const RunSummary& each : list) QCOMPARE(each.status.text(), std::string("finished"));
  QCOMPARE(run->exit_status(), 0);
}

void TestRunController::pauses_steps_and_goes_on() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 100000;
  auto run = make();
  run->start(race(), RunController::Begin::running);
  QTRY_COMPARE(run->state(), SessionState::running);
  QTRY_VERIFY(run->step_now() > 3);
  run->pause();
  QTRY_COMPARE(run->state(), SessionState::paused);
  const std::int64_t there = run->step_now();
  run->step(1);
  QTRY_COMPARE(run->step_now(), there + 1);
  QTRY_COMPARE(run->state(), SessionState::paused);
  run->step(20);
  QTRY_COMPARE(run->step_now(), there + 21);
  QTRY_COMPARE(run->state(), SessionState::paused);
  run->play();
  QTRY_VERIFY(run->step_now() > there + 30);
  QCOMPARE(run->state(), SessionState::running);
}

void TestRunController::stops_as_stopped() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 100000;
  auto run = make();
  QSignalSpy stored(run.get(), &RunController::stored), trouble(run.get(), &RunController::trouble);
  run->start(race(), RunController::Begin::running);
  QTRY_VERIFY(run->step_now() > 3);
  run->stop();
  run->stop();  // twice is once
  QVERIFY(stored.wait(20000));
  QCOMPARE(trouble.count(), 0);
  QCOMPARE(run->state_text(), QStringLiteral("Stopped"));
  for (const RunSummary& each : RunReader(database()).list()) {
    QCOMPARE(each.status.text(), std::string("stopped"));
    QCOMPARE(each.steps, run->step_now());
  }
}

void TestRunController::counts_steps_from_idle() {
  auto run = make();
  run->start(race(), RunController::Begin::paused, 25);
  QTRY_COMPARE(run->step_now(), std::int64_t{25});
  QTRY_COMPARE(run->state(), SessionState::paused);
  QTest::qWait(50);
  QCOMPARE(run->step_now(), std::int64_t{25});
}

// One road for live and stored: what the window saw is what the database gives back.
void TestRunController::live_numbers_equal_stored_ones() {
  auto run = make();
  QSignalSpy stored(run.get(), &RunController::stored);
  run->start(race(), RunController::Begin::running);
  QVERIFY(stored.wait(20000));
  RunReader reader(database());
  for (std::size_t r = 0; r < run->runs().size(); ++r) {
    const RunData& live = *run->runs()[r];
    const RunData kept = reader.load(live.id);
    QCOMPARE(kept.uuid, live.uuid);
    QCOMPARE(kept.series.size(), live.series.size());
    QVERIFY(live.find("cos_b_j", 2));
    for (const auto& [key, series] : live.series) {
      const Series* other = kept.find(key.first, key.second);
      QVERIFY(other);
      QVERIFY(other->step == series.step);
      QVERIFY(other->value == series.value);
      QVERIFY(other->epoch == series.epoch);
    }
    const Series* cosine = live.find("cos_b_j", 2);
    QCOMPARE(cosine->size(), static_cast<std::size_t>(world_->total_steps / 10 + 1));
    QCOMPARE(cosine->value.back(), FakeStepper::cosine(world_->total_steps, r, 2));
  }
}

void TestRunController::live_setting_reaches_the_stepper() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 100000;
  auto run = make();
  run->start(race(), RunController::Begin::running);
  QTRY_COMPARE(run->state(), SessionState::running);
  run->set_live(QStringLiteral("optimizer.lr"), QStringLiteral("0.5"), -1);
  QTRY_COMPARE(world_->heard_settings(), std::vector<std::string>{"-1:optimizer.lr=0.5"});
  const auto has_event = [&] {
    for (const Event& event : run->runs().front()->events)
      if (event.kind == EventKind::setting) return true;
    return false;
  };
  QTRY_VERIFY(has_event());
}

void TestRunController::refused_setting_is_told() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 100000;
  auto run = make();
  QSignalSpy trouble(run.get(), &RunController::trouble);
  run->start(race(), RunController::Begin::running);
  QTRY_COMPARE(run->state(), SessionState::running);
  run->set_live(QStringLiteral("train.batch"), QStringLiteral("1"), -1);
  QTRY_COMPARE(trouble.count(), 1);
  QVERIFY(trouble[0][0].toString().contains(QStringLiteral("can't change while a run is in progress")));
  QCOMPARE(run->state(), SessionState::running);
}

void TestRunController::calibrates_all_racers() {
  auto run = make();
  run->start(race(), RunController::Begin::paused, 5);
  QTRY_COMPARE(run->state(), SessionState::paused);
  QTRY_COMPARE(run->step_now(), std::int64_t{5});
  run->calibrate();
  const auto calibrations = [](const RunData& data) {
    int count = 0;
    for (const Event& event : data.events) count += event.kind == EventKind::calibration;
    return count;
  };
  for (std::size_t r = 0; r < 2; ++r) QTRY_COMPARE(calibrations(*run->runs()[r]), 1);
  QCOMPARE(world_->calibrations.load(), 1);
}

void TestRunController::reset_repeats_settings_and_seed() {
  auto run = make();
  run->start(race(), RunController::Begin::paused, 30);
  QTRY_COMPARE(run->step_now(), std::int64_t{30});
  QTRY_COMPARE(run->state(), SessionState::paused);
  const auto first = run->ids();
  QSignalSpy changed(run.get(), &RunController::run_changed);
  run->reset();
  QVERIFY(changed.wait(20000));
  QTRY_COMPARE(run->state(), SessionState::paused);
  QCOMPARE(run->step_now(), std::int64_t{0});
  QVERIFY(run->ids() != first);
  QCOMPARE(run->plan().racers, race().racers);
  QCOMPARE(world_->made.load(), 2);
  for (const std::int64_t id : first)
    QCOMPARE(RunReader(database()).summary(id).status.text(), std::string("stopped"));
}

QTEST_MAIN(TestRunController)
#include "test_run_controller.moc"
