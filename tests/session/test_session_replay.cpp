// Live changes: recorded with their step, contained in checkpoints of their step, and carried out again at
// the same step by a session that continues.
#include <QtTest>

#include "tests/session/scripted_stepper.h"

using namespace grapevine;
using Numbers = std::vector<double>;

class TestSessionReplay : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_change_is_recorded_with_its_step_and_told();
  void a_change_of_one_racer_names_it();
  void a_checkpoint_of_the_same_step_is_made_anew();
  void a_resumed_run_repeats_the_changes_at_their_steps();
  void changes_of_the_checkpoints_own_step_come_first();
  void a_resumed_run_is_not_measured_twice();
  void pauses_are_no_commands();
  void training_time_goes_on_from_the_checkpoint();
};

namespace {

SessionPlan from(std::int64_t step, double x, std::vector<CommandRecord> replay, double seconds = 0) {
  SessionPlan plan;
  Checkpoint one;
  one.step = step;
  one.seconds = seconds;
  one.numbers = {{"x", x}, {"rate", 1.0}};
  plan.resume_from = CheckpointSet{{one}};
  plan.replay = std::move(replay);
  return plan;
}

}  // namespace

void TestSessionReplay::a_change_is_recorded_with_its_step_and_told() {
  Scene scene(of_steps(6), 1, paused());
  QVERIFY(scene.until_answered(scene.session->step(2)));
  QVERIFY(scene.until([&] { return scene.told.states.size() == 3; }));
  scene.session->set("rate", "10");
  scene.session->calibrate();
  scene.session->play();
  scene.finish();
  QCOMPARE(scene.told.commands.size(), std::size_t{2});
  QCOMPARE(scene.told.commands[0].step, std::int64_t{2});
  QCOMPARE(scene.told.commands[0].command, std::string("set"));
  QCOMPARE(scene.told.commands[0].value, std::string("rate=10"));
  QCOMPARE(scene.told.commands[1].command, std::string("calibrate"));
  // 2 steps of 1, doubled, 4 steps of 10.
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 14, 24, 34, 44}));
  QVERIFY(scene.kinds() == (std::vector<std::string>{"started", "setting", "calibration", "finished"}));
}

void TestSessionReplay::a_change_of_one_racer_names_it() {
  Scene scene(of_steps(2), 2, paused());
  scene.session->set("rate", "5", 1);
  scene.session->play();
  scene.finish();
  QCOMPARE(scene.told.commands.front().value, std::string("1:rate=5"));
  QVERIFY(scene.values(0) == (Numbers{0, 1, 2}));
  QVERIFY(scene.values(1) == (Numbers{1, 6, 11}));
  QVERIFY(scene.kinds(0) == (std::vector<std::string>{"started", "finished"}));
  QVERIFY(scene.kinds(1) == (std::vector<std::string>{"started", "setting", "finished"}));
}

void TestSessionReplay::a_checkpoint_of_the_same_step_is_made_anew() {
  Scene scene(of_steps(6), 1, paused());
  scene.session->step(3);
  QVERIFY(scene.until([&] { return scene.told.states.size() == 3; }));
  QVERIFY(scene.until_answered(scene.session->set("rate", "10")));
  QCOMPARE(scene.told.checkpoints.size(), std::size_t{2});
  const Checkpoint& before = scene.told.checkpoints[0].racers[0];
  const Checkpoint& after = scene.told.checkpoints[1].racers[0];
  QCOMPARE(before.step, std::int64_t{3});
  QCOMPARE(after.step, std::int64_t{3});
  QCOMPARE(before.numbers.at("rate"), 1.0);
  QCOMPARE(after.numbers.at("rate"), 10.0);
}

void TestSessionReplay::a_resumed_run_repeats_the_changes_at_their_steps() {
  // Uninterrupted, from x = 3 at step 3: 4 | rate 10 at step 4: 14, 24 | doubled at step 6: 48 + 10.
  Scene scene(of_steps(7), 1, from(3, 3, {{4, "set", "rate=10"}, {6, "calibrate", ""}}));
  scene.finish();
  QVERIFY(scene.values() == (Numbers{4, 14, 24, 58}));
  // They are told again, so that the store has them of this life too.
  QCOMPARE(scene.told.commands.size(), std::size_t{2});
  QCOMPARE(scene.told.commands[0].step, std::int64_t{4});
  QCOMPARE(scene.told.commands[1].step, std::int64_t{6});
}

void TestSessionReplay::changes_of_the_checkpoints_own_step_come_first() {
  Scene scene(of_steps(5), 1, from(3, 3, {{3, "set", "0:rate=10"}}));
  scene.finish();
  QVERIFY(scene.values() == (Numbers{13, 23}));
}

void TestSessionReplay::a_resumed_run_is_not_measured_twice() {
  Scene scene(of_steps(5), 1, from(3, 3, {}));
  scene.finish();
  QVERIFY(scene.values() == (Numbers{4, 5}));
  QCOMPARE(scene.kinds().front(), std::string("resumed"));
}

void TestSessionReplay::pauses_are_no_commands() {
  Scene scene(of_steps(5), 1, paused());
  scene.session->step();
  scene.session->pause();
  scene.session->play();
  scene.finish();
  QVERIFY(scene.told.commands.empty());
}

void TestSessionReplay::training_time_goes_on_from_the_checkpoint() {
  Scene scene(of_steps(5), 1, from(3, 3, {}, 1000));
  scene.finish();
  double before = 1000;
  for (const Sample& sample : scene.told.samples) {
    QVERIFY(sample.seconds >= before);
    before = sample.seconds;
  }
  QVERIFY(scene.told.checkpoints.back().racers[0].seconds >= before);
}

QTEST_APPLESS_MAIN(TestSessionReplay)
#include "test_session_replay.moc"
