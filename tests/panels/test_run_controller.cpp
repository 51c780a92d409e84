// The run that is going on, with a fake stepper and a real store: play, pause, step, stop, reset, resume, and
// every end.
#include <QProgressBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "engine/plans/plan.h"
#include "engine/runs/run_reader.h"
#include "tests/session/fake_stepper.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/status_strip.h"

using namespace grapevine;

class TestRunController : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void runs_to_its_end_and_is_stored();
  void pauses_steps_and_goes_on();
  void stops_as_stopped();
  void counts_steps_from_idle();
  void live_numbers_equal_stored_ones();
  void live_setting_reaches_the_stepper();
  void refused_setting_is_told();
  void calibrates_all_racers();
  void reset_repeats_settings_and_seed();
  void failure_is_told_and_stored();
  void missing_data_is_an_input_error();
  void long_preparation_is_shown_and_can_be_stopped();
  void unwritable_database_is_told();
  void resumes_a_stopped_run();
  void trains_a_finished_run_further();
  void destruction_stores_the_run();
  void new_run_waits_for_the_old_one();

 private:
  std::unique_ptr<RunController> make();
  ExperimentPlan race() const {
    return make_plan("{}", "test", {.sets = {"seed=5"}, .rules = {"bp", "dfa"}});
  }
  std::string database() const { return folder_->filePath(QStringLiteral("runs.db")).toStdString(); }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<FakeWorld> world_;
};

void TestRunController::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  world_ = std::make_shared<FakeWorld>();
}

std::unique_ptr<RunController> TestRunController::make() {
  auto run = std::make_unique<RunController>(fake_factory(world_));
  run->set_database(QString::fromStdString(database()));
  return run;
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
  QVERIFY(trouble[0][0].toString().contains(QStringLiteral("can't change while a run goes on")));
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

void TestRunController::failure_is_told_and_stored() {
  world_->fail_at = 40;
  auto run = make();
  QSignalSpy stored(run.get(), &RunController::stored), trouble(run.get(), &RunController::trouble);
  run->start(race(), RunController::Begin::running);
  QVERIFY(stored.wait(20000));
  QCOMPARE(run->state(), SessionState::failed);
  QCOMPARE(run->exit_status(), 1);
  QCOMPARE(trouble.count(), 1);
  QVERIFY(trouble[0][0].toString().contains(QStringLiteral("at step 40, first in segment 2")));
  const RunData kept = RunReader(database()).load(run->ids().front());
  QCOMPARE(kept.status.text(), std::string("failed"));
  QCOMPARE(kept.find("train_loss")->size(), std::size_t{39});  // what was measured is kept
}

void TestRunController::missing_data_is_an_input_error() {
  world_->fail_to_prepare = true;
  auto run = make();
  QSignalSpy stored(run.get(), &RunController::stored), trouble(run.get(), &RunController::trouble);
  run->start(race(), RunController::Begin::running);
  QVERIFY(stored.wait(20000));
  QCOMPARE(run->exit_status(), 2);
  QCOMPARE(trouble.count(), 1);
  QVERIFY(trouble[0][0].toString().contains(QStringLiteral("install it")));
  QVERIFY(!database_exists(database()));  // wrong input stores nothing
}

void TestRunController::long_preparation_is_shown_and_can_be_stopped() {
  world_->long_work = [](const WorkHooks& hooks) {
    hooks.tell({"decoding", "train", 250, 1000, 0, "images"});
    while (!hooks.stopped()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    throw WorkStopped{};
  };
  auto run = make();
  StatusStrip strip;
  QSignalSpy stored(run.get(), &RunController::stored), trouble(run.get(), &RunController::trouble);
  run->start(race(), RunController::Begin::running);
  QTRY_VERIFY(run->preparing().has_value());
  strip.show_run(*run);
  QVERIFY2(strip.text().contains(QStringLiteral("Decoding train: 250 of 1,000 images")),
           qPrintable(strip.text()));
  QCOMPARE(strip.findChild<QProgressBar*>()->value(), 250);
  run->stop();
  QVERIFY(stored.wait(20000));
  QVERIFY(!run->preparing());
  QCOMPARE(trouble.count(), 0);
  QVERIFY(!database_exists(database()));  // nothing was begun, nothing is stored
}

void TestRunController::unwritable_database_is_told() {
  auto run = make();
  run->set_database(QStringLiteral("/proc/no/such/place/runs.db"));
  QSignalSpy trouble(run.get(), &RunController::trouble);
  run->start(race(), RunController::Begin::running);
  QTRY_COMPARE(trouble.count(), 1);
  QVERIFY2(trouble[0][0].toString().contains(QStringLiteral("/proc/no/such/place")),
           qPrintable(trouble[0][0].toString()));
  QVERIFY(!run->busy());
  QCOMPARE(world_->made.load(), 0);
  QCOMPARE(run->exit_status(), 2);
}

void TestRunController::resumes_a_stopped_run() {
  auto run = make();
  QSignalSpy stored(run.get(), &RunController::stored);
  run->start(race(), RunController::Begin::paused, 50);
  QTRY_COMPARE(run->step_now(), std::int64_t{50});
  QTRY_COMPARE(run->state(), SessionState::paused);
  run->stop();
  QVERIFY(stored.wait(20000));
  const auto ids = run->ids();
  run->resume(ids.back());  // either racer resumes the race
  QVERIFY(stored.wait(20000));
  QCOMPARE(run->ids(), ids);
  QCOMPARE(run->step_now(), world_->total_steps);
  for (const std::int64_t id : ids) {
    const RunData kept = RunReader(database()).load(id);
    QCOMPARE(kept.status.text(), std::string("finished"));
    const Series* loss = kept.find("train_loss");
    QCOMPARE(loss->size(), static_cast<std::size_t>(world_->total_steps));  // each step once
  }
}

void TestRunController::trains_a_finished_run_further() {
  auto run = make();
  QSignalSpy stored(run.get(), &RunController::stored);
  run->start(race(), RunController::Begin::running);
  QVERIFY(stored.wait(20000));
  const auto parents = run->ids();
  run->train_further(parents.front(), 3);
  QVERIFY(stored.wait(20000));
  QCOMPARE(run->ids().size(), parents.size());
  for (std::size_t i = 0; i < parents.size(); ++i) {
    RunReader reader(database());
    const RunData parent = reader.load(parents[i]), child = reader.load(run->ids()[i]);
    QVERIFY(child.origin && child.origin->uuid == parent.uuid);
    QCOMPARE(child.step, 2 * world_->total_steps);
    QCOMPARE(parent.step, world_->total_steps);
  }
}

void TestRunController::destruction_stores_the_run() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 100000;
  auto run = make();
  run->start(race(), RunController::Begin::running);
  QTRY_VERIFY(run->step_now() > 3);
  run.reset();
  for (const RunSummary& each : RunReader(database()).list())
    QCOMPARE(each.status.text(), std::string("stopped"));
}

void TestRunController::new_run_waits_for_the_old_one() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 100000;
  auto run = make();
  run->start(race(), RunController::Begin::running);
  QTRY_VERIFY(run->step_now() > 3);
  const auto first = run->ids();
  QSignalSpy changed(run.get(), &RunController::run_changed);
  run->start(make_plan("{}", "test", {.sets = {}, .rules = {"grape"}}), RunController::Begin::running);
  QVERIFY(changed.wait(20000));
  QCOMPARE(run->ids().size(), std::size_t{1});
  for (const std::int64_t id : first)
    QCOMPARE(RunReader(database()).summary(id).status.text(), std::string("stopped"));
}

QTEST_MAIN(TestRunController)
#include "test_run_controller.moc"
