// A lesson as a lecture: large type, the step alone, the stage and one figure.
#include <QDockWidget>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <set>

#include "engine/experiment/registry.h"
#include "engine/plans/link.h"
#include "engine/runs/run_reader.h"
#include "tests/desktop/lesson_window.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/help_window.h"
#include "ui/panels/lesson_dock.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/setting_editor.h"
#include "ui/panels/start_page.h"
#include "ui/scope/scope_layout.h"
#include "ui/scope/scope_widget.h"

using namespace grapevine;

class TestLecture : public QObject, private LessonWindow {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void a_lecture_shows_the_step_alone();
  void a_lecture_turns_through_a_long_step();
  void a_lecture_shows_the_stage_and_one_figure();
  void a_large_hall_has_large_type();
};

void TestLecture::a_lecture_shows_the_step_alone() {
  auto window = make();
  window->open_lesson(QStringLiteral("gradient"));
  window->set_presenting(true);
  for (const QDockWidget* dock : window->findChildren<QDockWidget*>())
    QCOMPARE(dock->isVisible(), dock == window->lesson());
  QVERIFY(!window->menuBar()->isVisible());
  // In a window of any size: what does not fit is scrolled first.
  const auto turn = [&](Qt::Key key, std::size_t step) {
    for (int presses = 0; presses < 10 && window->guide()->course()->position() != step; ++presses)
      QTest::keyClick(window->scope()->focusProxy(), key);
    return window->guide()->course()->position() == step;
  };
  QVERIFY(turn(Qt::Key_PageDown, 1));
  QVERIFY(turn(Qt::Key_Right, 2));
  QVERIFY(turn(Qt::Key_PageUp, 1));
  QVERIFY(turn(Qt::Key_Left, 0));
  QTest::keyClick(window->scope()->focusProxy(), Qt::Key_Escape);
  QTRY_VERIFY(!window->presenting());
  QVERIFY(!turn(Qt::Key_PageDown, 1));  // only in a lecture
  QTest::keyClick(window.get(), Qt::Key_F5);
  QTRY_VERIFY(window->presenting());
  QTest::keyClick(window.get(), Qt::Key_F5);
  QTRY_VERIFY(!window->presenting());
  QVERIFY(window->menuBar()->isVisible() && window->lesson()->isVisible());
}

void TestLecture::a_lecture_turns_through_a_long_step() {
  auto window = make();
  window->resize(900, 500);
  window->open_lesson(QStringLiteral("convolutions"));
  window->set_presenting(true);
  window->guide()->next();  // three paragraphs and a question
  auto* page = window->lesson()->findChild<QTextBrowser*>();
  QVERIFY(page);
  QTRY_VERIFY(page->verticalScrollBar()->maximum() > 0);
  QTest::keyClick(window->scope()->focusProxy(), Qt::Key_PageDown);
  QVERIFY(page->verticalScrollBar()->value() > 0);
  QCOMPARE(window->guide()->course()->position(), std::size_t{1});
  for (int presses = 0; presses < 20 && window->guide()->course()->position() == 1; ++presses)
    QTest::keyClick(window->scope()->focusProxy(), Qt::Key_PageDown);
  QCOMPARE(window->guide()->course()->position(), std::size_t{2});
  QCOMPARE(page->verticalScrollBar()->value(), 0);
}

void TestLecture::a_lecture_shows_the_stage_and_one_figure() {
  auto window = make();
  window->open_lesson(lesson_file());
  QSignalSpy stored(window->run(), &RunController::stored);
  Q_EMIT window->lesson()->run_asked();
  QVERIFY(stored.wait(20000));
  window->set_presenting(true);
  for (const ScopeView view : {ScopeView::figures, ScopeView::stage}) {
    window->scope()->change()->view = view;
    for (const Size size : {Size{480, 400}, Size{1200, 800}}) {
      ScopeModel& model = *window->scope()->change();
      model.advance();
      const ScopeLayout layout = lay_out(model, size, guessed_text_width);
      QCOMPARE(layout.furthest, 0.0);
      QVERIFY(layout.chips.empty());
      std::set<int> figures;
      for (const FigurePlace& place : layout.figures) figures.insert(place.figure);
      QCOMPARE(figures.size(), std::size_t{2});
      QVERIFY(figures.contains(model.stage_figure()));
    }
  }
  window->set_presenting(false);
  QVERIFY(!window->scope()->model().lecture);
}

void TestLecture::a_large_hall_has_large_type() {
  auto window = make();
  window->open_lesson(QStringLiteral("gradient"));
  auto* page = window->lesson()->findChild<QTextBrowser*>();
  const double usual = page->document()->defaultFont().pointSizeF();
  window->resize(1280, 720);
  window->set_presenting(true);
  QCOMPARE(page->document()->defaultFont().pointSizeF(), usual * 1.6);
  window->resize(3840, 2160);
  QTRY_COMPARE(page->document()->defaultFont().pointSizeF(), usual * 3.2);
  window->set_presenting(false);
  QCOMPARE(page->document()->defaultFont().pointSizeF(), usual);
}

QTEST_MAIN(TestLecture)
#include "test_lecture.moc"
