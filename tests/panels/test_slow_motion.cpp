// Slow motion: phase by phase, number by number, back and forth, by keyboard.
#include <QSignalSpy>
#include <QTest>

#include "ui/panels/slow_motion/rehearsal_page.h"
#include "ui/panels/slow_motion/slow_motion_dock.h"

using namespace grapevine;

namespace {

std::shared_ptr<const Rehearsal> step(bool whole) {
  Rehearsal made;
  made.request = {1, 2, 3, 4, whole};
  made.step = 1234;
  made.points = 3;
  made.samples = 8;
  made.units = 16;
  made.can_be_whole = whole;
  made.phases = {
      {StagePart::forward,
       "Forward",
       "h₂ = relu(W₂ h₁)",
       "W₂ 3×3",
       "Up it goes.",
       {{"a₂[0]", "0.5·2", 1}, {"h₂[0]", "relu(1)", 1}}},
      {StagePart::feedback, "Signal", "δ₂ = e B₂", "B₂ 2×3", "Across.", {{"δ₂[0]", "0.25·(−1)", -0.25}}},
      {StagePart::layer, "Update", "W < 0 & more", "", "", {}}};
  return std::make_shared<const Rehearsal>(std::move(made));
}

/// Keys go to what has the focus.
void take_focus(QWidget& widget) {
  widget.activateWindow();
  QVERIFY(QTest::qWaitForWindowActive(&widget));
  widget.setFocus();
}

}  // namespace

class TestSlowMotion : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void it_asks_only_while_it_is_seen() {
    SlowMotionDock dock;
    QVERIFY(!dock.request());
    dock.set_racers({"BP", "DFA"});
    dock.set_place(1, 2);
    QSignalSpy asked(&dock, &SlowMotionDock::request_changed);
    dock.show();
    take_focus(dock);
    QVERIFY(!asked.isEmpty());
    QCOMPARE(dock.request()->racer, 1);
    QCOMPARE(dock.request()->point, 2);
    QSignalSpy left(&dock, &SlowMotionDock::left);
    QTest::keyClick(&dock, Qt::Key_Escape);
    QCOMPARE(left.size(), 1);
    QVERIFY(!dock.request());
  }

  void phases_go_back_and_forth() {
    SlowMotionDock dock;
    dock.set_racers({"BP", "DFA"});
    dock.show();
    take_focus(dock);
    QSignalSpy lit(&dock, &SlowMotionDock::part_changed);
    dock.show_rehearsal(step(false));
    QCOMPARE(dock.phase(), 0);
    QVERIFY(dock.text().contains("0.5·2") && dock.text().contains("W₂ 3×3"));
    QVERIFY(!dock.text().contains("0.25·(−1)"));
    lit.clear();
    QTest::keyClick(&dock, Qt::Key_Right);
    QCOMPARE(dock.phase(), 1);
    QVERIFY(!lit.isEmpty());
    QVERIFY(dock.text().contains("0.25·(−1)"));
    QTest::keyClick(&dock, Qt::Key_Right);
    QTest::keyClick(&dock, Qt::Key_Right);  // the end
    QCOMPARE(dock.phase(), 2);
    QVERIFY(dock.text().contains("W < 0 & more"));  // no mark-up
    QTest::keyClick(&dock, Qt::Key_Left);
    QCOMPARE(dock.phase(), 1);
    // The same phase of another sample.
    dock.show_rehearsal(step(false));
    QCOMPARE(dock.phase(), 1);
  }

  void numbers_appear_one_by_one() {
    SlowMotionDock dock;
    dock.set_racers({"BP", "DFA"});
    dock.show();
    take_focus(dock);
    dock.show_rehearsal(step(true));
    QVERIFY(dock.text().contains("0.5·2") && !dock.text().contains("relu(1)"));
    QTest::keyClick(&dock, Qt::Key_Down);
    QVERIFY(dock.text().contains("relu(1)"));
    QCOMPARE(dock.phase(), 0);
    QTest::keyClick(&dock, Qt::Key_Down);
    QVERIFY(dock.text().contains("0.25·(−1)"));
    QCOMPARE(dock.phase(), 1);
    QTest::keyClick(&dock, Qt::Key_Down);  // that was the last
    QTest::keyClick(&dock, Qt::Key_Up);
    QVERIFY(!dock.text().contains("0.25·(−1)"));
    QTest::keyClick(&dock, Qt::Key_Right);  // to the next phase's first
    QVERIFY(dock.text().contains("0.25·(−1)"));
    QCOMPARE(count_of_numbers(*dock.shown()), std::size_t{3});
  }

  void where_there_is_no_step_it_says_why() {
    SlowMotionDock dock;
    auto none = std::make_shared<Rehearsal>();
    none->trouble = "the run has no next step";
    dock.show_rehearsal(none);
    QCOMPARE(dock.phase(), -1);
    QVERIFY(!dock.shown());
  }
};

QTEST_MAIN(TestSlowMotion)
#include "test_slow_motion.moc"
