// The window with a fake engine: the start page, a lesson from end to end, links, the mode for a lecture,
// help.
#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QLineEdit>
#include <QLocale>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <set>

#include "engine/experiment/registry.h"
#include "engine/lessons/lesson_files.h"
#include "engine/plans/link.h"
#include "engine/runs/run_reader.h"
#include "tests/session/fake_stepper.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/help_topic.h"
#include "ui/panels/help_window.h"
#include "ui/panels/lesson_dock.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/race_curve.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/setting_editor.h"
#include "ui/panels/start_page.h"
#include "ui/scope/scope_layout.h"
#include "ui/scope/scope_widget.h"

using namespace grapevine;

namespace {

// What the fake engine's numbers do: test_accuracy 0.8, cos_b_j of layer 1 rises from 0 to 0.8.
const char* const own_lesson =
    "{'lesson': 1, 'title': 'My own', 'experiments': {'main': {'race': [{'rule': {'name': 'bp'}},"
    "{'rule': {'name': 'dfa'}}]}}, 'steps': ["
    "{'title': 'Watch', 'experiment': 'main', 'text': '<b>Tags</b> are text.', 'hints': 'Wait a little.',"
    " 'show': {'view': 'scope', 'measure': 'cos_b_j', 'spotlight': 'dfa'},"
    " 'until': [{'measure': 'bp.cos_b_j[1]', 'above': 0.5, 'samples': 2}, {'event': 'finished'}],"
    " 'seen': 'It came to {bp.test_accuracy}.'},"
    "{'title': 'Answer', 'text': 'Look.', 'until': [{'answer': true}], 'question': {'text': 'Which?', "
    "'choices': ["
    " {'text': 'wrong one', 'says': 'No, {bp.test_accuracy}.'}, {'text': 'right one', 'right': true}]}},"
    "{'title': 'Read off', 'text': 'Look.', 'until': [{'answer': true}],"
    " 'question': {'text': 'How many percent?', 'number': 'bp.test_accuracy', 'within': 0.5}}]}";

}  // namespace

class TestTeaching : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void one_click_on_the_start_page_and_a_run_goes();
  void a_card_opens_its_lesson_and_runs();
  void the_start_page_gives_the_panels_back();
  void a_lesson_from_end_to_end();
  void a_lesson_is_taken_up_where_it_was_left();
  void a_broken_lesson_is_told_by_its_line();
  void a_link_fills_the_form_and_starts_nothing();
  void a_hostile_link_changes_nothing();
  void a_copied_link_opens_the_same();
  void a_lecture_shows_the_step_alone();
  void a_lecture_turns_through_a_long_step();
  void a_lecture_shows_the_stage_and_one_figure();
  void a_large_hall_has_large_type();
  void racers_with_names_are_the_lessons();
  void a_lesson_leaves_its_runs_and_figures();
  void the_start_page_draws_the_newest_runs();
  void numbers_follow_the_locale_and_files_do_not();
  void f1_explains_the_control();
  void f1_has_a_page_for_every_control();
  void every_measure_is_explained();

 private:
  std::unique_ptr<MainWindow> make();
  QString lesson_file();

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<FakeWorld> world_;
};

void TestTeaching::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  world_ = std::make_shared<FakeWorld>();
}

std::unique_ptr<MainWindow> TestTeaching::make() {
  WindowParts parts;
  parts.make_stepper = fake_factory(world_);
  parts.database = folder_->filePath(QStringLiteral("runs.db"));
  parts.config_folder = folder_->filePath(QStringLiteral("config")).toStdString();
  parts.dark = false;
  auto window = std::make_unique<MainWindow>(std::move(parts));
  window->show();
  if (!QTest::qWaitForWindowActive(window.get())) qWarning("the window did not become active");
  return window;
}

QString TestTeaching::lesson_file() {
  const QString name = folder_->filePath(QStringLiteral("own.json"));
  QFile file(name);
  if (!file.open(QIODevice::WriteOnly)) qFatal("no lesson can be written");
  file.write(QByteArray(own_lesson).replace('\'', '"'));
  return name;
}

void TestTeaching::one_click_on_the_start_page_and_a_run_goes() {
  auto window = make();
  window->show_start_page();
  QVERIFY(window->start_page()->isVisible() && !window->scope()->isVisible());
  QSignalSpy stored(window->run(), &RunController::stored);
  window->start_page()->findChild<QPushButton*>(QStringLiteral("first_race"))->click();
  QTRY_VERIFY(window->run()->has_run());
  QVERIFY(!window->start_page()->isVisible() && window->scope()->isVisible());
  QVERIFY(stored.wait(20000));
  QCOMPARE(window->run()->runs().size(), std::size_t{4});
}

void TestTeaching::a_card_opens_its_lesson_and_runs() {
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

void TestTeaching::the_start_page_gives_the_panels_back() {
  auto window = make();
  window->library();
  auto docks = window->findChildren<QDockWidget*>();
  QList<bool> before;
  for (const QDockWidget* dock : docks) before << dock->isHidden();
  window->show_start_page();
  for (const QDockWidget* dock : docks) QVERIFY(dock->isHidden());
  window->start_page()->findChild<QPushButton*>(QStringLiteral("new_experiment"))->click();
  for (int i = 0; i < docks.size(); ++i) QCOMPARE(docks[i]->isHidden(), before[i]);
}

void TestTeaching::a_lesson_from_end_to_end() {
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

void TestTeaching::a_lesson_is_taken_up_where_it_was_left() {
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

void TestTeaching::a_broken_lesson_is_told_by_its_line() {
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

void TestTeaching::a_link_fills_the_form_and_starts_nothing() {
  auto window = make();
  window->open_link(QStringLiteral("grapevine:?seed=11&racer&rule.name=dfa&racer&rule.name=fa&view=scope"));
  QCOMPARE(window->messages()->sentence(), QString());
  const auto plan = window->experiment()->form()->plan();
  QVERIFY(plan && plan->is_race);
  QCOMPARE(plan->racers.front().integer("seed"), 11);
  QCOMPARE(plan->racers.back().rule(), std::string("fa"));
  QCOMPARE(window->scope()->model().view, ScopeView::figures);
  QTest::qWait(200);
  QVERIFY(!window->run()->busy() && !window->run()->has_run());
}

void TestTeaching::a_hostile_link_changes_nothing() {
  auto window = make();
  const auto before = window->experiment()->form()->plan();
  for (const char* link : {"grapevine:?data.dir=/etc", "grapevine:?seed=3&device=cuda", "nothing", ""}) {
    window->open_link(QString::fromLatin1(link));
    QVERIFY2(!window->messages()->sentence().isEmpty(), link);
    QVERIFY(window->experiment()->form()->plan()->racers == before->racers);
    window->messages()->clear();
  }
  QVERIFY(!window->run()->busy());
}

void TestTeaching::a_copied_link_opens_the_same() {
  auto window = make();
  window->copy_link();
  const QString link = QApplication::clipboard()->text();
  QVERIFY2(link.startsWith(QStringLiteral("grapevine:?")), qPrintable(link));
  const auto before = window->experiment()->form()->plan();
  window->open_link(QStringLiteral("grapevine:?racer&rule.name=bp"));
  window->open_link(link);
  QVERIFY(window->experiment()->form()->plan()->racers == before->racers);
}

void TestTeaching::a_lecture_shows_the_step_alone() {
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

void TestTeaching::a_lecture_turns_through_a_long_step() {
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

void TestTeaching::a_lecture_shows_the_stage_and_one_figure() {
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
      QCOMPARE(layout.without_room, 0);
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

void TestTeaching::a_large_hall_has_large_type() {
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

// The form fills in what runs: a lesson whose racers have names of their own must find them again.
void TestTeaching::racers_with_names_are_the_lessons() {
  for (const LessonPlan& lesson : lessons()) {
    auto window = make();
    QVERIFY(window->open_lesson(QString::fromStdString(lesson.name)));
    const auto asked = window->guide()->plan();
    if (!asked) continue;
    const auto filled = window->experiment()->form()->plan();
    QVERIFY2(filled && filled->racers == asked->racers, lesson.name.c_str());
  }
}

void TestTeaching::a_lesson_leaves_its_runs_and_figures() {
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

void TestTeaching::the_start_page_draws_the_newest_runs() {
  auto window = make();
  for (int i = 0; i < 6; ++i) {
    window->open_link(QStringLiteral("grapevine:?name=number-%1&racer&rule.name=dfa").arg(i));
    QSignalSpy stored(window->run(), &RunController::stored);
    window->start_from_form();
    QVERIFY(stored.wait(20000));
  }
  window->show_start_page();
  const auto links = [&] {
    QStringList names;
    for (const QPushButton* button : window->start_page()->findChildren<QPushButton*>())
      if (button->text().startsWith(QStringLiteral("number-"))) names << button->text();
    return names;
  };
  QTRY_COMPARE(links(), (QStringList{QStringLiteral("number-5"), QStringLiteral("number-4"),
                                     QStringLiteral("number-3")}));
  const auto curves = window->start_page()->findChildren<RaceCurve*>();
  QVERIFY(curves.size() >= 3);
  QTRY_VERIFY(!curves.back()->toolTip().isEmpty());  // the curve has come from the database
}

void TestTeaching::numbers_follow_the_locale_and_files_do_not() {
  const QLocale before;
  QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
  {
    auto window = make();
    window->open_lesson(lesson_file());
    QSignalSpy stored(window->run(), &RunController::stored);
    Q_EMIT window->lesson()->run_asked();
    QVERIFY(stored.wait(20000));
    QTRY_VERIFY(window->lesson()->text().contains(QStringLiteral("It came to 80,0 %.")));
    window->open_link(QStringLiteral("grapevine:?optimizer.lr=0.025&racer&rule.name=dfa"));
    window->copy_link();
    const QString link = QApplication::clipboard()->text();
    QVERIFY2(link.contains(QStringLiteral("optimizer.lr=0.025")), qPrintable(link));
  }
  QLocale::setDefault(before);
}

void TestTeaching::f1_explains_the_control() {
  auto window = make();
  SettingEditor* editor = window->experiment()->form()->editor("optimizer.lr");
  QVERIFY(editor);
  editor->control()->setFocus();
  window->actions_of_window().help->trigger();
  QVERIFY(window->help()->isVisible());
  QVERIFY(window->help()->text().contains(QStringLiteral("optimizer.lr")));
  window->help()->close();
  window->scope()->setFocus();
  window->actions_of_window().help->trigger();
  QVERIFY(window->help()->text().contains(QStringLiteral("It deceives")));
}

void TestTeaching::f1_has_a_page_for_every_control() {
  auto window = make();
  const QDir book(QStringLiteral(GRAPEVINE_SOURCE_DIR "/docs"));
  int controls = 0;
  for (const QWidget* widget : window->findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || widget->isWindow()) continue;
    bool is_setting = false;
    for (const QWidget* around = widget; around; around = around->parentWidget())
      is_setting = is_setting || qobject_cast<const SettingEditor*>(around);
    if (is_setting) continue;  // has a page made from the registry
    ++controls;
    const QString topic = help_topic_of(widget);
    const QString who = QStringLiteral("%1 %2 %3")
                            .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
                                 widget->accessibleName());
    QVERIFY2(!topic.isEmpty(), qPrintable(who));
    QFile page(book.filePath(topic.section(QLatin1Char('#'), 0, 0) + QStringLiteral(".md")));
    QVERIFY2(page.open(QIODevice::ReadOnly), qPrintable(who + QLatin1Char(' ') + page.fileName()));
    const QString heading = topic.section(QLatin1Char('#'), 1);
    if (heading.isEmpty()) continue;
    QVERIFY2(QString::fromUtf8(page.readAll()).contains(QStringLiteral("\n## %1\n").arg(heading)),
             qPrintable(topic));
  }
  QVERIFY(controls > 30);
  window->library()->setFocus();
  window->actions_of_window().help->trigger();
  QVERIFY(window->help()->text().contains(QStringLiteral("The run library")));
  QVERIFY(!window->help()->text().contains(QStringLiteral("Live settings")));
}

void TestTeaching::every_measure_is_explained() {
  QFile file(QStringLiteral(GRAPEVINE_SOURCE_DIR "/docs/measures.md"));
  QVERIFY(file.open(QIODevice::ReadOnly));
  const QString page = QString::fromUtf8(file.readAll());
  for (const ProbeDescriptor& probe : probes()) {
    const QString key = QString::fromStdString(probe.measure.key);
    const QString section = section_of_page(page, QStringLiteral("`%1`").arg(key));
    QVERIFY2(section != page, qPrintable(QStringLiteral("docs/measures.md has no section on ") + key));
    QVERIFY2(section.contains(QStringLiteral("*Read ")), qPrintable(key));
    QVERIFY2(section.contains(QStringLiteral("deceive")), qPrintable(key));
  }
}

QTEST_MAIN(TestTeaching)
#include "test_teaching.moc"
