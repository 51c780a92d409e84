// The window with a fake engine: the start page, links, help, numbers as people write them.
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QLocale>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/experiment/registry.h"
#include "engine/lessons/lesson_files.h"
#include "engine/plans/link.h"
#include "engine/runs/run_reader.h"
#include "tests/desktop/lesson_window.h"
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

class TestTeaching : public QObject, private LessonWindow {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void one_click_on_the_start_page_and_a_run_goes();
  void the_start_page_gives_the_panels_back();
  void a_link_fills_the_form_and_starts_nothing();
  void a_hostile_link_changes_nothing();
  void a_copied_link_opens_the_same();
  void the_start_page_draws_the_newest_runs();
  void numbers_follow_the_locale_and_files_do_not();
  void f1_explains_the_control();
  void f1_has_a_page_for_every_control();
  void every_measure_is_explained();
};

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
