// Taking a change back while the run is paused: the state, the clock and the record are as before it; and
// when that is refused, with a sentence. Commands asked for beforehand (--at): when they are carried out, and
// what is wrong with them. Numbers worked out by hand: a step adds 1, a lesion sets to 0, a calibration
// doubles.
#include <QtTest>

#include "tests/session/scripted_stepper.h"

using namespace grapevine;
using Numbers = std::vector<double>;

class TestUndo : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_change_is_taken_back();
  void only_the_last_change_is_taken_back();
  void a_setting_is_taken_back();
  void after_a_step_nothing_is_taken_back();
  void nothing_is_taken_back_while_it_runs();
  void what_takes_too_much_memory_is_not_kept();
  void a_refused_change_leaves_what_can_be_undone();
  void a_script_is_carried_out_after_its_step();
  void commands_of_one_step_keep_their_order();
  void a_script_that_can_not_be_carried_out_refuses_the_start_data();
  void a_script_that_can_not_be_carried_out_refuses_the_start();
};

namespace {

/// Paused after `steps` steps.
void pause_after(Scene& scene, std::int64_t steps) {
  scene.session->step(steps);
  QVERIFY(scene.until([&] { return scene.told.states.size() >= 3; }));
}

const Lesion zero{LesionKind::zero, 0};

}  // namespace

void TestUndo::a_change_is_taken_back() {
  Scene scene(of_steps(5), 1, paused());
  pause_after(scene, 3);
  QCOMPARE(scene.answer(0), std::string("nothing yet"));
  QVERIFY(scene.until_answered(scene.session->change(LiveChange::lesion_of(1, zero))));
  QCOMPARE(*scene.told.undoable, std::string("feedback of layer 1 set to zero"));
  const std::uint64_t undo = scene.session->undo();
  QVERIFY(scene.until_answered(undo));
  QCOMPARE(scene.answer(undo), std::string());
  QCOMPARE(*scene.told.undoable, std::string());
  scene.session->play();
  scene.finish();
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3, 4, 5}));
  QVERIFY(scene.kinds() == (std::vector<std::string>{"started", "lesion", "undo", "finished"}));
  QCOMPARE(scene.told.commands.size(), std::size_t{2});
  QVERIFY(!scene.told.commands[0].undone && scene.told.commands[1].undone);
  QCOMPARE(scene.told.commands[1].command, scene.told.commands[0].command);
  QCOMPARE(scene.told.commands[1].value, scene.told.commands[0].value);
  // The checkpoint of that step was made again both times; the last one that counts is as before.
  double last = -1;
  for (const CheckpointSet& set : scene.told.checkpoints)
    if (set.racers[0].step == 3) last = set.racers[0].numbers.at("x");
  QCOMPARE(last, 3.0);
}

void TestUndo::only_the_last_change_is_taken_back() {
  Scene scene(of_steps(4), 1, paused());
  pause_after(scene, 3);
  scene.session->calibrate();  // 6
  scene.session->change(LiveChange::lesion_of(1, zero));
  const std::uint64_t first = scene.session->undo(), second = scene.session->undo();
  QVERIFY(scene.until_answered(second));
  QCOMPARE(scene.answer(first), std::string());
  QVERIFY(scene.answer(second).find("nothing to take back") != std::string::npos);
  scene.session->play();
  scene.finish();
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3, 7}));
}

void TestUndo::a_setting_is_taken_back() {
  Scene scene(of_steps(4), 1, paused());
  pause_after(scene, 2);
  scene.session->set("rate", "10");
  scene.session->undo();
  scene.session->play();
  scene.finish();
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3, 4}));
}

void TestUndo::after_a_step_nothing_is_taken_back() {
  Scene scene(of_steps(9), 1, paused());
  pause_after(scene, 2);
  scene.session->change(LiveChange::lesion_of(1, zero));
  const std::uint64_t step = scene.session->step(1);
  QVERIFY(scene.until_answered(step));
  QVERIFY(scene.until([&] { return scene.told.states.size() >= 5; }));
  QCOMPARE(*scene.told.undoable, std::string());
  const std::uint64_t undo = scene.session->undo();
  QVERIFY(scene.until_answered(undo));
  QVERIFY2(scene.answer(undo).find("steps were computed since") != std::string::npos,
           scene.answer(undo).c_str());
}

void TestUndo::nothing_is_taken_back_while_it_runs() {
  Script script = of_steps(1 << 20);
  script.at_step = [](std::int64_t) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); };
  Scene scene(script);
  scene.session->change(LiveChange::lesion_of(1, zero));
  const std::uint64_t undo = scene.session->undo();
  QVERIFY(scene.until_answered(undo));
  QVERIFY2(scene.answer(undo).find("only while the run is paused") != std::string::npos,
           scene.answer(undo).c_str());
  scene.session->stop();
  scene.finish();
}

void TestUndo::what_takes_too_much_memory_is_not_kept() {
  Script script = of_steps(5);
  script.checkpoint_size = std::int64_t{1} << 60;
  Scene scene(script, 1, paused());
  pause_after(scene, 2);
  const std::uint64_t change = scene.session->change(LiveChange::lesion_of(1, zero));
  const std::uint64_t undo = scene.session->undo();
  QVERIFY(scene.until_answered(undo));
  QCOMPARE(scene.answer(change), std::string());  // carried out all the same
  QVERIFY2(scene.answer(undo).find("of memory are left") != std::string::npos, scene.answer(undo).c_str());
}

void TestUndo::a_refused_change_leaves_what_can_be_undone() {
  Scene scene(of_steps(4), 1, paused());
  pause_after(scene, 2);
  scene.session->change(LiveChange::lesion_of(1, zero));
  const std::uint64_t refused = scene.session->change(LiveChange::lesion_of(9, zero));
  const std::uint64_t undo = scene.session->undo();
  QVERIFY(scene.until_answered(undo));
  QVERIFY(scene.answer(refused).find("layer 9") != std::string::npos);
  QCOMPARE(scene.answer(undo), std::string());
  scene.session->play();
  scene.finish();
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3, 4}));
}

void TestUndo::a_script_is_carried_out_after_its_step() {
  SessionPlan plan;
  plan.script = {{4, "calibrate", ""}, {0, "set", "rate=2"}, {2, "lesion", "1:zero"}};
  Scene scene(of_steps(5), 1, plan);
  scene.finish();
  // What is measured at a step is measured before its commands: 0 | rate 2: 2, 4 | zero: 2, 4 | doubled: 10.
  QVERIFY(scene.values() == (Numbers{0, 2, 4, 2, 4, 10}));
  QCOMPARE(scene.told.commands.size(), std::size_t{3});
  QCOMPARE(scene.told.commands[1].step, std::int64_t{2});
}

void TestUndo::commands_of_one_step_keep_their_order() {
  for (const bool doubled_first : {true, false}) {
    SessionPlan plan;
    plan.script = {{2, "lesion", "1:zero"}, {2, "set", "rate=5"}};
    if (doubled_first) std::swap(plan.script[0], plan.script[1]);
    plan.script.push_back({2, "calibrate", ""});
    Scene scene(of_steps(3), 1, plan);
    scene.finish();
    QVERIFY(scene.values() == (Numbers{0, 1, 2, 5}));
    QCOMPARE(scene.told.commands.front().command, std::string(doubled_first ? "set" : "lesion"));
  }
}

void TestUndo::a_script_that_can_not_be_carried_out_refuses_the_start_data() {
  QTest::addColumn<int>("step");
  QTest::addColumn<QString>("value");
  QTest::addColumn<QString>("said");
  QTest::newRow("past the end") << 5 << "1:zero"
                                << "the run ends with step 5";
  QTest::newRow("far past the end") << 500 << "1:zero"
                                    << "at most 4";
  QTest::newRow("no such layer") << 2 << "7:zero"
                                 << "lesion:7:zero after step 2: there is no feedback to layer 7";
  QTest::newRow("no command") << 2 << "7"
                              << "is not a command";
}

void TestUndo::a_script_that_can_not_be_carried_out_refuses_the_start() {
  QFETCH(int, step);
  QFETCH(QString, value);
  QFETCH(QString, said);
  SessionPlan plan;
  plan.script = {{step, "lesion", value.toStdString()}};
  Scene scene(of_steps(5), 1, plan);
  scene.finish();
  QVERIFY(scene.session->failed_on_input());
  QVERIFY2(QString::fromStdString(scene.session->failure()).contains(said), scene.session->failure().c_str());
  QVERIFY(scene.told.samples.empty());
}

QTEST_APPLESS_MAIN(TestUndo)
#include "test_undo.moc"
