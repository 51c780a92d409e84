// How a session ends: stopped, failed, out of memory, with a racer less, thrown away.
#include <QtTest>
#include <atomic>

#include "tests/session/scripted_stepper.h"

using namespace grapevine;

class TestSessionEnds : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_stop_ends_it_between_two_steps();
  void a_stop_while_paused_ends_it();
  void a_run_that_cannot_go_on_stays_at_its_checkpoint();
  void a_loss_that_leaves_the_numbers_fails_it();
  void a_foreign_exception_fails_it();
  void running_out_of_memory_has_its_words();
  void a_racer_that_fails_is_left_behind();
  void a_racer_that_fell_before_the_checkpoint_hears_nothing_more();
  void a_session_that_is_thrown_away_stops();
};

void TestSessionEnds::a_stop_ends_it_between_two_steps() {
  std::atomic<bool> reached{false}, go{false};
  Script script = of_steps(1000000);
  script.at_step = [&](std::int64_t step) {
    if (step != 5) return;
    reached = true;
    while (!go) std::this_thread::yield();
  };
  Scene scene(script);
  QTRY_VERIFY(reached);
  const auto id = scene.session->stop();
  go = true;
  scene.finish();
  QCOMPARE(scene.answer(id), std::string());
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3, 4, 5}));  // the step in progress counts
  QVERIFY(scene.told.states == (States{State::running, State::stopping, State::finished}));
  QVERIFY(scene.session->was_stopped());
  QVERIFY(scene.kinds() == (Words{"started", "stopped"}));
  QCOMPARE(scene.told.checkpoints.back().racers.front().step, std::int64_t{5});
}

void TestSessionEnds::a_stop_while_paused_ends_it() {
  Scene scene(of_steps(10), 1, paused());
  QVERIFY(scene.until_state(State::paused));
  scene.session->stop();
  scene.finish();
  QVERIFY(scene.told.states == (States{State::paused, State::stopping, State::finished}));
  QVERIFY(scene.session->was_stopped());
  QVERIFY(scene.values() == Numbers{0});
}

void TestSessionEnds::a_run_that_cannot_go_on_stays_at_its_checkpoint() {
  CheckpointSet five;
  five.racers.resize(1);
  five.racers[0].step = 5;
  five.racers[0].epoch = 1;
  five.racers[0].numbers = {{"x", 5.0}, {"rate", 1.0}};
  for (const bool stopped : {false, true}) {
    SessionPlan plan;
    plan.resume_from = five;
    Script script;
    script.at_prepare = [stopped] {
      if (stopped) throw WorkStopped{};
      throw InputError("the data is not there");
    };
    Scene scene(script, 1, plan);
    scene.finish();
    QVERIFY(scene.told.events.back().kind == (stopped ? EventKind::stopped : EventKind::failed));
    QCOMPARE(scene.told.events.back().step, std::int64_t{5});
    QCOMPARE(scene.told.events.back().epoch, 1.0);
    QCOMPARE(scene.told.step, std::int64_t{-1});  // nothing was done that would be a step
  }
}

void TestSessionEnds::a_loss_that_leaves_the_numbers_fails_it() {
  const std::string words = "the loss is not a number or infinite (NaN/Inf) at step 3, first in segment 1";
  Script script;
  script.at_step = [&](std::int64_t step) {
    if (step == 3) throw RunError(words);
  };
  Scene scene(script);
  scene.finish();
  QVERIFY(scene.session->state() == State::failed);
  QVERIFY(!scene.session->failed_on_input());
  QCOMPARE(scene.session->failure(), words);
  QCOMPARE(scene.told.failure, words);
  QVERIFY(scene.values() == (Numbers{0, 1, 2}));  // what was measured until then is kept
  QVERIFY(scene.kinds() == (Words{"started", "failed"}));
  QCOMPARE(scene.told.events.back().cause, words);
  QVERIFY(scene.told.checkpoints.empty());  // a broken state is not a place to continue from
}

void TestSessionEnds::a_foreign_exception_fails_it() {
  Script script;
  script.at_step = [](std::int64_t) { throw std::runtime_error("a library's own words"); };
  Scene scene(script);
  scene.finish();
  QVERIFY(scene.session->state() == State::failed);
  QCOMPARE(scene.session->failure(), std::string("a library's own words"));
}

void TestSessionEnds::running_out_of_memory_has_its_words() {
  Script script;
  script.at_step = [](std::int64_t) { throw std::bad_alloc(); };
  Scene scene(script);
  scene.finish();
  QVERIFY(QString::fromStdString(scene.session->failure()).startsWith("out of memory"));
}

void TestSessionEnds::a_racer_that_fails_is_left_behind() {
  Script script = of_steps(6);
  script.racer_0_falls_at = 2;
  Scene scene(script, 2);
  scene.finish();
  QVERIFY(scene.session->state() == State::finished);
  QVERIFY(scene.kinds(0) == (Words{"started", "failed"}));
  QVERIFY(scene.kinds(1) == (Words{"started", "finished"}));
  QVERIFY(scene.values(1) == (Numbers{1, 2, 3, 4, 5, 6, 7}));
}

void TestSessionEnds::a_racer_that_fell_before_the_checkpoint_hears_nothing_more() {
  SessionPlan plan;
  plan.resume_from = CheckpointSet{};
  for (int racer = 0; racer < 2; ++racer) {
    Checkpoint one;
    one.step = 4;
    one.numbers = {{"x", 4.0}, {"rate", 1.0}, {failed_number, racer == 0 ? 1.0 : 0.0}};
    plan.resume_from->racers.push_back(one);
  }
  Scene scene(of_steps(6), 2, plan);
  scene.finish();
  QVERIFY(scene.session->fell_before(0) && !scene.session->fell_before(1) && !scene.session->fell_before(2));
  QVERIFY(scene.kinds(0).empty());
  QVERIFY(scene.kinds(1) == (Words{"resumed", "finished"}));
}

void TestSessionEnds::a_session_that_is_thrown_away_stops() {
  Scene scene(of_steps(1000000000), 1);
  QVERIFY(scene.until_state(State::running));
  scene.session.reset();
  Observations rest;
  QVERIFY(scene.box->take(rest));
  QVERIFY(rest.states.back() == State::finished);
  QCOMPARE(rest.events.back().kind.text(), std::string("stopped"));
}

QTEST_APPLESS_MAIN(TestSessionEnds)
#include "test_session_ends.moc"
