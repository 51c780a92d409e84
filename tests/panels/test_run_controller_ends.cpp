// How a run in the window ends without its end: failures, missing data, no database, closed; and how it
// continues.
#include <QProgressBar>
#include <QSignalSpy>
#include <QTest>

#include "engine/runs/run_reader.h"
#include "tests/panels/run_controller_fixture.h"
#include "ui/panels/status_strip.h"

using namespace grapevine;

class TestRunControllerEnds : public QObject, private RunControllerFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { start_over(); }
  void failure_is_told_and_stored();
  void missing_data_is_an_input_error();
  void long_preparation_is_shown_and_can_be_stopped();
  void unwritable_database_is_told();
  void resumes_a_stopped_run();
  void trains_a_finished_run_further();
  void destruction_stores_the_run();
  void new_run_waits_for_the_old_one();
};

void TestRunControllerEnds::failure_is_told_and_stored() {
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

void TestRunControllerEnds::missing_data_is_an_input_error() {
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

void TestRunControllerEnds::long_preparation_is_shown_and_can_be_stopped() {
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

void TestRunControllerEnds::unwritable_database_is_told() {
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

void TestRunControllerEnds::resumes_a_stopped_run() {
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

void TestRunControllerEnds::trains_a_finished_run_further() {
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

void TestRunControllerEnds::destruction_stores_the_run() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 100000;
  auto run = make();
  run->start(race(), RunController::Begin::running);
  QTRY_VERIFY(run->step_now() > 3);
  run.reset();
  for (const RunSummary& each : RunReader(database()).list())
    QCOMPARE(each.status.text(), std::string("stopped"));
}

void TestRunControllerEnds::new_run_waits_for_the_old_one() {
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

QTEST_MAIN(TestRunControllerEnds)
#include "test_run_controller_ends.moc"
