// A lesson in the window with a fake engine: from its card to its end, taken up again.
#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "engine/experiment/registry.h"
#include "engine/lessons/lesson_files.h"
#include "engine/plans/link.h"
#include "engine/runs/run_reader.h"
#include "tests/desktop/lesson_window.h"
#include "ui/panels/experiment_form.h"
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

class TestLessons : public QObject, private LessonWindow {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void a_card_opens_its_lesson_and_runs();
  void a_lesson_from_end_to_end();
  void a_lesson_is_taken_up_where_it_was_left();
  void a_broken_lesson_is_told_by_its_line();
  void racers_with_names_are_the_lessons();
  void a_lesson_leaves_its_runs_and_figures();
};

void TestLessons::a_card_opens_its_lesson_and_runs() {
  auto window = make();
  window->show_start_page();
  QSignalSpy stored(window->run(), &RunController::stored);
  auto* card = window->start_page()->findChild<QAbstractButton*>(QStringLiteral("lesson.direct"));
  QVERIFY(card);
  card->click();
  QVERIFY(window->lesson()->isVisible() && !window->start_page()->isVisible());
  QVERIFY(window->guide()->course());
  QVERIFY(stored.wait(20000));
  QCOMPARE(window->run()->runs().size(), std::size_t{2});
}

void TestLessons::a_lesson_from_end_to_end() {
  auto window = make();
  QVERIFY(window->open_lesson(lesson_file()));
  QVERIFY(window->lesson()->isVisible());
  QVERIFY(!window->run()->busy());  // a file starts nothing
  QCOMPARE(window->experiment()->form()->plan()->racers.size(), std::size_t{2});
  QCOMPARE(window->scope()->model().view, ScopeView::figures);
  QCOMPARE(window->scope()->model().layer_measure_key(), std::string("cos_b_j"));
  QVERIFY(window->lesson()->text().contains(QStringLiteral("<b>Tags</b> are text.")));
  QVERIFY(!window->lesson()->text().contains(QStringLiteral("Wait a little")));

  QSignalSpy stored(window->run(), &RunController::stored);
  Q_EMIT window->lesson()->run_asked();
  QVERIFY(stored.wait(20000));
  const LessonGuide& guide = *window->guide();
  QTRY_VERIFY(guide.course()->is_done(0));
  // cos_b_j of layer 1 is s/(s + 50) at step s, measured every 10: above 0.5 at 60 and 70.
  QCOMPARE(guide.course()->met_step(0, 0).value_or(-1), 70);
  QTRY_VERIFY(window->lesson()->text().contains(QStringLiteral("It came to 80.0 %.")));
  QCOMPARE(window->scope()->model().highlighted, 1);

  window->actions_of_window().next_step->trigger();
  const auto choices = [&] { return window->lesson()->findChildren<QPushButton*>(); };
  const auto press = [&](const QString& name) {
    for (QPushButton* button : choices())
      if (button->accessibleName() == name) return button->click();
    QFAIL("there is no such answer");
  };
  press(QStringLiteral("wrong one"));
  QVERIFY(window->lesson()->text().contains(QStringLiteral("No, 80.0 %.")));
  QVERIFY(!guide.course()->is_done(1));
  press(QStringLiteral("right one"));
  QVERIFY(guide.course()->is_done(1));

  window->actions_of_window().next_step->trigger();
  auto* number = window->lesson()->findChild<QLineEdit*>();
  QVERIFY(number);
  QTest::keyClicks(number, QStringLiteral("80"));
  QTest::keyClick(number, Qt::Key_Return);
  QVERIFY(guide.course()->is_complete());
}

void TestLessons::a_lesson_is_taken_up_where_it_was_left() {
  const QString file = lesson_file();
  {
    auto window = make();
    window->open_lesson(file);
    QSignalSpy stored(window->run(), &RunController::stored);
    Q_EMIT window->lesson()->run_asked();
    QVERIFY(stored.wait(20000));
    QTRY_VERIFY(window->guide()->course()->is_done(0));
    window->guide()->next();
    window->actions_of_window().leave_lesson->trigger();
    QVERIFY(!window->lesson()->isVisible() && !window->guide()->course());
  }
  auto window = make();
  window->open_lesson(file);
  QCOMPARE(window->guide()->course()->position(), std::size_t{1});
  QVERIFY(window->guide()->course()->is_done(0));
  // The stored run's numbers come back with it.
  QTRY_COMPARE(window->guide()->step_runs().size(), std::size_t{2});
  window->guide()->back();
  QTRY_VERIFY(window->lesson()->text().contains(QStringLiteral("It came to 80.0 %.")));
}

void TestLessons::a_broken_lesson_is_told_by_its_line() {
  const QString name = folder_->filePath(QStringLiteral("broken.json"));
  QFile file(name);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write("{\"lesson\": 1, \"title\": \"x\",\n\"steps\": [\n{\"titel\": \"y\"}]}");
  file.close();
  auto window = make();
  QVERIFY(!window->open_lesson(name));
  QVERIFY(window->messages()->sentence().contains(QStringLiteral("line 3")));
  QVERIFY(!window->guide()->course());
}

// The form fills in what runs: a lesson whose racers have names of their own must find them again.
void TestLessons::racers_with_names_are_the_lessons() {
  for (const LessonPlan& lesson : lessons()) {
    auto window = make();
    QVERIFY(window->open_lesson(QString::fromStdString(lesson.name)));
    const auto asked = window->guide()->plan();
    if (!asked) continue;
    const auto filled = window->experiment()->form()->plan();
    QVERIFY2(filled && filled->racers == asked->racers, lesson.name.c_str());
  }
}

void TestLessons::a_lesson_leaves_its_runs_and_figures() {
  auto window = make();
  window->open_lesson(lesson_file());
  auto* save = window->lesson()->findChild<QPushButton*>(QStringLiteral("save_runs"));
  QVERIFY(save && !save->isVisible());
  QSignalSpy stored(window->run(), &RunController::stored);
  Q_EMIT window->lesson()->run_asked();
  QVERIFY(stored.wait(20000));
  QVERIFY(!save->isVisible());  // not before the end
  window->guide()->next();
  window->guide()->next();
  QTRY_VERIFY(save->isVisible());
  const QString file = folder_->filePath(QStringLiteral("taken.db"));
  window->save_lesson_runs(file);
  QTRY_VERIFY(QFileInfo::exists(file));
  std::set<std::string> taken, asked;
  QTRY_VERIFY(RunReader(file.toStdString()).list().size() == 2);
  for (const RunSummary& run : RunReader(file.toStdString()).list()) taken.insert(run.uuid);
  for (const RunView& run : window->guide()->step_runs()) asked.insert(run->uuid);
  QVERIFY(taken == asked);
  window->save_lesson_figures(folder_->path());
  window->save_lesson_figures(folder_->path());
  for (const char* name : {"own-figures", "own-figures-2"}) {
    const QDir pictures(folder_->filePath(QString::fromLatin1(name)));
    QVERIFY2(pictures.exists(QStringLiteral("own-stage.png")), name);
    QVERIFY(pictures.entryList(QDir::Files).size() > 2);
    QVERIFY(!QImage(pictures.filePath(QStringLiteral("own-stage.png"))).isNull());
  }
}

QTEST_MAIN(TestLessons)
#include "test_lessons.moc"
