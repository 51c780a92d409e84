// Looking inside a layer while a session is in progress: when it is computed, and that it leaves no trace.
#include <QtTest>
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/session/scripted_stepper.h"

using namespace grapevine;

class TestLooking : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void while_paused_it_is_seen_at_once_and_once() {
    std::atomic<int> looks{0};
    Script script = of_steps(100);
    script.at_look = [&](bool at_rest, const std::function<bool()>&) {
      ++looks;
      QVERIFY(at_rest);
    };
    Scene scene(script, 1, paused());
    QVERIFY(scene.until_state(State::paused));
    const auto id = scene.session->inspect({{}, 2});
    QVERIFY(scene.until([&] { return scene.looks.size() == 1; }));
    QVERIFY(scene.until_answered(id));
    QCOMPARE(scene.answer(id), std::string());
    QCOMPARE(scene.looks.back().point, 2);
    QCOMPARE(scene.looks.back().step, std::int64_t{0});
    // Nothing moved: another command asks for no second look.
    QVERIFY(scene.until_answered(scene.session->pause()));
    QCOMPARE(looks.load(), 1);
  }

  void each_pause_and_each_change_is_a_new_look() {
    Scene scene(of_steps(100), 1, paused());
    scene.session->inspect({{}, 1});
    QVERIFY(scene.until([&] { return !scene.looks.empty() && scene.looks.back().alpha == 0; }));
    scene.session->step(3);
    QVERIFY(scene.until([&] { return scene.looks.back().step == 3; }));
    QCOMPARE(scene.looks.back().alpha, 3.0);
    scene.session->calibrate();
    QVERIFY(scene.until([&] { return scene.looks.back().alpha == 6; }));
    scene.session->inspect({{}, 2});
    QVERIFY(scene.until([&] { return scene.looks.back().point == 2; }));
  }

  void nothing_of_it_is_stored() {
    Scene scene(of_steps(5), 1, paused());
    scene.session->inspect({{}, 1});
    QVERIFY(scene.until([&] { return !scene.looks.empty(); }));
    scene.session->play();
    scene.finish();
    QVERIFY(scene.told.commands.empty());
    QVERIFY(scene.kinds() == (std::vector<std::string>{"started", "finished"}));
    // How it ended can be seen.
    QCOMPARE(scene.looks.back().step, std::int64_t{5});
  }

  void while_the_run_goes_on_it_is_seldom() {
    // A look that takes long is followed by nineteen times as long without one.
    std::atomic<int> moving{0};
    Script script = of_steps(2000);
    script.at_look = [&](bool at_rest, const std::function<bool()>&) {
      if (!at_rest) ++moving;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    };
    Scene scene(script, 1, paused());
    QVERIFY(scene.until_state(State::paused));
    scene.session->inspect({{}, 1});
    QVERIFY(scene.until([&] { return !scene.looks.empty(); }));
    scene.session->play();
    scene.finish();
    QVERIFY(moving <= 1);
    QVERIFY(scene.session->state() == State::finished);
  }

  void who_looks_makes_nobody_wait() {
    std::atomic<int> cut{0};
    std::atomic<bool> hear{true};
    Script script = of_steps(100);
    script.at_look = [&](bool, const std::function<bool()>& interrupt) {
      while (hear)
        if (interrupt()) {
          ++cut;
          throw WorkStopped{};
        }
    };
    Scene scene(script, 1, paused());
    QVERIFY(scene.until_state(State::paused));
    scene.session->inspect({{}, 1});
    const auto step = scene.session->step(1);
    QVERIFY(scene.until_answered(step));  // the look was cut, and is due again
    hear = false;
    scene.session->pause();
    QVERIFY(scene.until([&] { return !scene.looks.empty() && scene.looks.back().step == 1; }));
    scene.session->stop();
    scene.finish();
    QVERIFY(scene.session->state() == State::finished);
  }

  void point_0_ends_it() {
    std::atomic<int> looks{0};
    Script script = of_steps(100);
    script.at_look = [&](bool, const std::function<bool()>&) { ++looks; };
    Scene scene(script, 1, paused());
    scene.session->inspect({{}, 1});
    QVERIFY(scene.until([&] { return looks == 1; }));
    QVERIFY(scene.until_answered(scene.session->inspect({{}, 0})));
    scene.session->step(2);
    QVERIFY(scene.until([&] { return scene.told.step == 2; }));
    QVERIFY(scene.until_answered(scene.session->pause()));
    QCOMPARE(looks.load(), 1);
  }
};

QTEST_GUILESS_MAIN(TestLooking)
#include "test_looking.moc"
