// What a user relies on in the window beyond the single run: keys that mean one thing, figures that come
// back, bars that name the run they speak of, a session that is there again after a restart.
#include <SQLiteCpp/SQLiteCpp.h>
#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QMenu>
#include <QPixmap>
#include <QPushButton>
#include <QTableView>
#include <algorithm>
#include <map>

#include "tests/desktop/window_fixture.h"
#include "ui/panels/layout_menu.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/window_theme.h"
#include "ui/scope/key_table.h"
#include "ui/scope/run_colour.h"
#include "ui/scope/scope_model.h"
#include "ui/scope/scope_widget.h"

using namespace grapevine;

class TestWindowRepairs : public QObject, private WindowFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void every_key_is_in_the_table_and_means_one_thing();
  void a_hidden_figure_comes_back();
  void the_theorems_quantities_are_found_by_name();
  void the_bar_of_a_stored_run_names_that_run_alone();
  void runs_have_their_rules_colour_everywhere();
  void layouts_are_kept_under_names();
  void the_session_comes_back();
  void runs_of_another_database_do_not_come_back();
  void the_message_after_a_crash_resumes();

 private:
  QMenu* figures_menu(MainWindow& window) {
    for (QMenu* menu : window.findChildren<QMenu*>())
      if (menu->title() == QLatin1String("Figures shown")) return menu;
    return nullptr;
  }
};

void TestWindowRepairs::every_key_is_in_the_table_and_means_one_thing() {
  auto window = make();
  std::map<QString, QString> heard;  // a key and who hears it
  for (const QAction* action : window->findChildren<QAction*>()) {
    for (const QKeySequence& key : action->shortcuts()) {
      const bool known = std::any_of(key_table().begin(), key_table().end(), [&](const KeyBinding& binding) {
        return keys_of(binding.command).contains(key);
      });
      QVERIFY2(known, qPrintable(key.toString() + ' ' + action->text()));
      const auto [place, is_new] = heard.try_emplace(key.toString(), action->text());
      // Two lists may have the same command for their own rows.
      const bool is_of_its_list = action->shortcutContext() == Qt::WidgetWithChildrenShortcut;
      if (is_of_its_list && place->second == action->text()) continue;
      QVERIFY2(is_new, qPrintable(key.toString() + ": " + place->second + ", " + action->text()));
    }
  }
  // And what the table promises for the whole window is there.
  for (const KeyBinding& binding : key_table())
    if (binding.area == KeyArea::window)
      for (const QKeySequence& key : keys_of(binding.command))
        QVERIFY2(heard.count(key.toString()) == 1, qPrintable(key.toString()));
}

void TestWindowRepairs::a_hidden_figure_comes_back() {
  auto window = make();
  run_to_the_end(*window);
  QMenu* menu = figures_menu(*window);
  QVERIFY(menu);
  const auto toggle = [&] {
    Q_EMIT menu->aboutToShow();
    menu->actions().at(1)->trigger();  // the loss
  };
  toggle();
  QVERIFY(!window->scope()->model().figures()[1].shown);
  toggle();
  QVERIFY(window->scope()->model().figures()[1].shown);
  // All the switches that the figures have can be reached.
  QVERIFY(window->actions_of_window().dashes->isCheckable());
  window->actions_of_window().dashes->trigger();
  QVERIFY(window->scope()->model().dashes_everywhere);
}

void TestWindowRepairs::the_theorems_quantities_are_found_by_name() {
  auto window = make();
  QMenu* menu = figures_menu(*window);
  QVERIFY(menu);
  Q_EMIT menu->aboutToShow();
  QStringList found;
  for (const QMenu* group : menu->findChildren<QMenu*>())
    if (group->title() == QStringLiteral("Theory along the run"))
      for (const QAction* action : group->actions()) found << action->text();
  const QString all = found.join('|');
  for (const char* name : {"Zoutendijk", "Theorem B.1's \u03ba", "Theorem B.1's C"})
    QVERIFY2(all.contains(QString::fromUtf8(name)), qPrintable(all));
}

void TestWindowRepairs::the_bar_of_a_stored_run_names_that_run_alone() {
  auto window = make();
  run_to_the_end(*window);
  run_to_the_end(*window);
  QTRY_COMPARE(listed(*window).size(), std::size_t{8});
  const auto ids = listed(*window);
  window->library()->model()->set_ticked(ids.back(), true);
  QTRY_COMPARE(window->shown()->overlaid().size(), std::size_t{0});  // it is one of the live race's
  Q_EMIT window->library()->open_asked(ids.front());
  QTRY_VERIFY(window->shown()->shows_stored());
  QTRY_COMPARE(window->shown()->overlaid(), std::vector<std::int64_t>{ids.back()});
  QString bar;
  for (const QLabel* label : window->findChildren<QLabel*>())
    if (label->text().startsWith(QStringLiteral("Stored run"))) bar = label->text();
  QVERIFY2(bar.contains(QStringLiteral("1 run overlaid")), qPrintable(bar));
  QCOMPARE(bar.count(window->shown()->labels_in_front().front()), 1);
  // The status bar and the title don't pass the live run off as this one.
  QVERIFY(window->windowTitle().contains(QString::number(ids.front())));
  QVERIFY2(window->status()->text().contains(QStringLiteral("Live run")),
           qPrintable(window->status()->text()));
}

void TestWindowRepairs::runs_have_their_rules_colour_everywhere() {
  auto window = make();
  run_to_the_end(*window);
  QTRY_COMPARE(listed(*window).size(), std::size_t{4});
  const RunLibraryModel& library = *window->library()->model();
  const auto colour_in = [](const QVariant& decoration) {
    return decoration.value<QIcon>().pixmap(12, 12).toImage().pixelColor(5, 5).rgb();
  };
  for (int row = 0; row < library.rowCount(); ++row) {
    const RunSummary& run = library.run(row);
    const Colour own = rule_colour(run.rule, 0, light_theme());
    QCOMPARE(colour_in(library.data(library.index(row, 0), Qt::DecorationRole)), QRgb(own));
    const ScopeModel& figures = window->scope()->model();
    for (std::size_t i = 0; i < figures.racers().size(); ++i)
      if (figures.racers()[i].run->rule == run.rule)
        QCOMPARE(ScopeLook().colour_of(figures, static_cast<int>(i)), own);
  }
  // A colour that a user chose is kept, here and in the figures.
  const std::int64_t id = listed(*window).front();
  RunEditor(folder_->filePath(QStringLiteral("runs.db")).toStdString()).set_colour(id, 0x805020);
  QTRY_VERIFY(library.run(library.row_of(id)).colour_chosen);
  QCOMPARE(run_colour(library.run(library.row_of(id)), 0, light_theme()), Colour(0xff805020));
}

void TestWindowRepairs::layouts_are_kept_under_names() {
  {
    auto window = make();
    window->scope()->change()->view = ScopeView::figures;
    window->scope()->change()->figures()[3].shown = false;
    window->findChild<LayoutMenu*>()->keep_as(QStringLiteral(" Größe / 100 % "));
  }
  auto window = make();
  auto* menu = window->findChild<LayoutMenu*>();
  window->scope()->change()->view = ScopeView::stage;
  window->scope()->change()->figures()[3].shown = true;
  Q_EMIT menu->aboutToShow();
  QCOMPARE(menu->actions().front()->text(), QStringLiteral("Größe / 100 %"));
  menu->actions().front()->trigger();
  QCOMPARE(window->scope()->model().view, ScopeView::figures);
  QVERIFY(!window->scope()->model().figures()[3].shown);
}

void TestWindowRepairs::the_session_comes_back() {
  std::vector<KeptRun> shown;
  {
    auto window = make();
    run_to_the_end(*window);
    QTRY_COMPARE(listed(*window).size(), std::size_t{4});
    window->scope()->change()->set_range(-1, {2, 5});
    window->scope()->change()->figures()[1].shown = false;
    window->scope()->change()->view = ScopeView::figures;
    shown = window->shown()->kept();
    QCOMPARE(shown.size(), std::size_t{4});
    window->close();
    QTRY_VERIFY(!window->isVisible());
  }
  auto window = make();
  QTRY_VERIFY(window->shown()->shows_stored());
  QCOMPARE(window->shown()->kept(), shown);
  QCOMPARE(window->scope()->model().view, ScopeView::figures);
  QVERIFY(!window->scope()->model().figures()[1].shown);
  QVERIFY(!window->scope()->model().follow());
  QCOMPARE(window->scope()->model().range(-1), (TimeRange{2, 5}));
}

void TestWindowRepairs::runs_of_another_database_do_not_come_back() {
  {
    auto window = make();
    run_to_the_end(*window);
    QTRY_COMPARE(listed(*window).size(), std::size_t{4});
    window->close();
    QTRY_VERIFY(!window->isVisible());
  }
  // The same name, other runs.
  SQLite::Database file(folder_->filePath(QStringLiteral("runs.db")).toStdString(), SQLite::OPEN_READWRITE);
  file.exec("UPDATE runs SET uuid = '00000000' || substr(uuid, 9)");
  auto window = make();
  QTRY_COMPARE(listed(*window).size(), std::size_t{4});
  QTest::qWait(300);
  QVERIFY(!window->shown()->shows_stored());
}

void TestWindowRepairs::the_message_after_a_crash_resumes() {
  {
    auto window = make();
    run_to_the_end(*window);
    window->close();
    QTRY_VERIFY(!window->isVisible());
  }
  // As a crash leaves it: marked as running, and nobody holds the lock.
  SQLite::Database file(folder_->filePath(QStringLiteral("runs.db")).toStdString(), SQLite::OPEN_READWRITE);
  file.exec("UPDATE runs SET status = 'running', ended = NULL");
  auto window = make();
  QTRY_VERIFY(window->messages()->sentence().contains(QStringLiteral("interrupted")));
  QTRY_VERIFY(window->library()->newest_interrupted() > 0);
  auto* resume = window->messages()->findChild<QPushButton*>();
  QVERIFY(resume && resume->isVisible());
  QCOMPARE(resume->text(), QStringLiteral("Resume"));
  QTest::mouseClick(resume, Qt::LeftButton);
  QTRY_VERIFY(window->run()->has_run());
}

int main(int argc, char** argv) {
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  QApplication app(argc, argv);
  TestWindowRepairs test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_window_repairs.moc"
