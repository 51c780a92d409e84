// The session's state machine: what each command does in each state, and what is told of it.
#include <QtTest>
#include <atomic>

#include "engine/session/uuid.h"
#include "tests/session/scripted_stepper.h"

using namespace grapevine;

class TestSession : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_run_goes_to_its_end_and_tells_every_step();
  void the_networks_are_known_before_the_first_step();
  void started_paused_it_waits_for_play();
  void steps_are_counted_and_then_it_pauses_again();
  void what_stands_unread_is_told_at_a_pause_and_at_every_end();
  void commands_are_answered_in_order();
  void a_step_asked_for_too_late_is_no_error();
  void a_command_after_the_end_is_answered();
  void a_count_below_one_is_refused();
  void a_refused_setting_changes_nothing();
  void wrong_input_at_the_start_is_told_apart();
  void long_work_before_the_start_says_how_far_it_is();
  void long_work_before_the_start_ends_with_a_stop();
  void without_racers_there_is_no_session();
  void uuids_are_random_and_of_version_4();
};

void TestSession::a_run_goes_to_its_end_and_tells_every_step() {
  Scene scene(of_steps(4));
  scene.finish();
  QVERIFY(scene.told.states == (States{State::running, State::finished}));
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3, 4}));
  QCOMPARE(scene.told.step, std::int64_t{4});
  QVERIFY(scene.kinds() == (Words{"started", "finished"}));
  QVERIFY(!scene.session->was_stopped() && scene.session->failure().empty() && scene.session->done());
  // The end is a checkpoint, for those who asked for checkpoints and for nobody else.
  QCOMPARE(scene.told.checkpoints.size(), std::size_t{1});
  QCOMPARE(scene.told.checkpoints.front().racers.front().numbers.at("x"), 4.0);
  Observations plain;
  QVERIFY(scene.plain_box->take(plain));
  QVERIFY(plain.checkpoints.empty());
  QCOMPARE(plain.samples.size(), std::size_t{5});
}

void TestSession::the_networks_are_known_before_the_first_step() {
  Scene scene(of_steps(4), 1, paused());
  QVERIFY(scene.until_state(State::paused));
  QVERIFY(scene.session->info().has_value());
  QCOMPARE(scene.session->info()->total_steps, std::int64_t{4});
}

void TestSession::started_paused_it_waits_for_play() {
  Scene scene(of_steps(3), 1, paused());
  QVERIFY(scene.until_state(State::paused));
  QVERIFY(scene.session->state() == State::paused);
  QVERIFY(scene.values() == Numbers{0});
  scene.session->play();
  scene.finish();
  QVERIFY(scene.told.states == (States{State::paused, State::running, State::finished}));
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3}));
}

void TestSession::steps_are_counted_and_then_it_pauses_again() {
  Scene scene(of_steps(100), 1, paused());
  QVERIFY(scene.until_state(State::paused));
  scene.session->step(3);
  QVERIFY(scene.until([&] { return scene.told.states.size() == 3; }));
  QVERIFY(scene.told.states == (States{State::paused, State::running, State::paused}));
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3}));
  scene.session->step();
  QVERIFY(scene.until([&] { return scene.told.states.size() == 5; }));
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3, 4}));
  // A pause is a place to continue from.
  QCOMPARE(scene.told.checkpoints.back().racers.front().step, std::int64_t{4});
}

void TestSession::what_stands_unread_is_told_at_a_pause_and_at_every_end() {
  Script script = of_steps(100);
  script.steps_stand_unread = true;
  script.at_step = [](std::int64_t step) {
    if (step == 6) throw std::runtime_error("out of luck");
  };
  Scene scene(script, 1, paused());
  QVERIFY(scene.until_state(State::paused));
  scene.session->step(3);
  QVERIFY(scene.until([&] { return scene.values().size() == 4; }));
  QVERIFY(scene.until_state(State::paused));
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3}));
  scene.session->play();
  scene.finish();
  QVERIFY(scene.told.states.back() == State::failed);
  QVERIFY(scene.values() == (Numbers{0, 1, 2, 3, 4, 5}));

  script.at_step = {};
  script.total_steps = 4;
  Scene whole(script);
  whole.finish();
  QVERIFY(whole.values() == (Numbers{0, 1, 2, 3, 4}));
}

void TestSession::commands_are_answered_in_order() {
  Scene scene(of_steps(10), 1, paused());
  std::vector<std::uint64_t> ids{scene.session->set("rate", "2"), scene.session->pause(),
                                 scene.session->set("nonsense", "1"), scene.session->calibrate(),
                                 scene.session->step(2)};
  QVERIFY(scene.until_answered(ids.back()));
  std::vector<std::uint64_t> answered;
  for (const Acknowledgement& one : scene.told.acknowledgements) answered.push_back(one.command_id);
  QVERIFY(answered == ids);
  QCOMPARE(scene.answer(ids[0]), std::string());
  QCOMPARE(scene.answer(ids[2]), std::string("there is no setting 'nonsense'"));
}

void TestSession::a_step_asked_for_too_late_is_no_error() {
  Scene scene(of_steps(10), 1, paused());
  scene.session->play();
  const auto id = scene.session->rehearse({});
  scene.finish();
  QCOMPARE(scene.answer(id), std::string());
  QVERIFY(scene.told.states.back() == State::finished);
}

void TestSession::a_command_after_the_end_is_answered() {
  Scene scene(of_steps(1));
  scene.finish();
  const auto id = scene.session->play();
  QVERIFY(scene.until_answered(id));
  QVERIFY(!scene.answer(id).empty());
  QVERIFY(scene.session->state() == State::finished);
}

void TestSession::a_count_below_one_is_refused() {
  Scene scene(of_steps(10), 1, paused());
  const auto id = scene.session->step(0);
  QVERIFY(scene.until_answered(id));
  QVERIFY(!scene.answer(id).empty());
  QVERIFY(scene.session->state() == State::paused);
}

void TestSession::a_refused_setting_changes_nothing() {
  Scene scene(of_steps(2), 1, paused());
  const auto id = scene.session->set("nonsense", "7");
  scene.session->play();
  scene.finish();
  QVERIFY(!scene.answer(id).empty());
  QVERIFY(scene.told.commands.empty());
  QVERIFY(scene.values() == (Numbers{0, 1, 2}));
  QVERIFY(scene.told.states.back() == State::finished);
}

void TestSession::wrong_input_at_the_start_is_told_apart() {
  Script script;
  script.at_prepare = [] { throw InputError("the data is not there"); };
  Scene scene(script);
  scene.finish();
  QVERIFY(scene.told.states == States{State::failed});
  QVERIFY(scene.session->failed_on_input());
  QCOMPARE(scene.session->failure(), std::string("the data is not there"));
  QVERIFY(!scene.session->info().has_value());
  QVERIFY(scene.told.checkpoints.empty());
}

void TestSession::long_work_before_the_start_says_how_far_it_is() {
  std::atomic<bool> go_on{false};
  Script script;
  script.long_work = [&](const WorkHooks& hooks) {
    hooks.tell({"decoding", "train", 3, 10, 0, "images"});
    while (!go_on && !hooks.stopped()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  Scene scene(script);
  QVERIFY(scene.until([&] { return scene.told.preparing.has_value(); }));
  QCOMPARE(words_of(*scene.told.preparing), std::string("decoding train: 3 of 10 images"));
  QVERIFY(!scene.session->info().has_value());
  go_on = true;
  scene.finish();
  QVERIFY(scene.told.states.back() == State::finished);
  QVERIFY(!scene.session->was_stopped());
}

void TestSession::long_work_before_the_start_ends_with_a_stop() {
  Script script;
  script.long_work = [](const WorkHooks& hooks) {
    hooks.tell({"decoding", "train", 3, 10, 0, "images"});
    while (!hooks.stopped()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    throw WorkStopped{};
  };
  Scene scene(script);
  QVERIFY(scene.until([&] { return scene.told.preparing.has_value(); }));
  const std::uint64_t calibrate = scene.session->calibrate(), stop = scene.session->stop();
  scene.finish();
  QVERIFY(scene.told.states == (States{State::stopping, State::finished}));
  QVERIFY(scene.session->was_stopped());
  QCOMPARE(scene.answer(stop), std::string());
  QCOMPARE(scene.answer(calibrate), std::string("the run is over"));
  QVERIFY(scene.told.samples.empty() && scene.told.checkpoints.empty());
  QCOMPARE(scene.told.events.back().kind.text(), std::string("stopped"));
}

void TestSession::without_racers_there_is_no_session() {
  QVERIFY_EXCEPTION_THROWN(Session({}, {}, {}), InputError);
}

void TestSession::uuids_are_random_and_of_version_4() {
  const QRegularExpression form("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
  const std::string one = make_uuid(), two = make_uuid();
  QVERIFY2(form.match(QString::fromStdString(one)).hasMatch(), one.c_str());
  QVERIFY(one != two);
}

QTEST_APPLESS_MAIN(TestSession)
#include "test_session.moc"
