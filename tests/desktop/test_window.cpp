// The window with a fake engine and a real store: what a user does with runs, and what the window says.
#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QHeaderView>
#include <QLineEdit>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QWindow>
#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/runs/run_reader.h"
#include "tests/desktop/window_fixture.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/setting_editor.h"
#include "ui/panels/shown_runs.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/scope_widget.h"

using namespace grapevine;

class TestWindow : public QObject, private WindowFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void an_idle_window_paints_nothing();
  void a_stored_run_shows_what_the_live_one_showed();
  void deleted_runs_come_back();
  void enter_ends_the_edit_of_a_name();
  void closing_asks_while_a_run_goes_on();
  void the_end_of_the_session_stores_the_run();
  void a_signal_closes_without_a_question();
  void a_failure_is_told_in_the_window();
  void a_text_given_as_database_is_told_in_the_window();
  void space_in_a_number_plays();
  void panels_come_back_as_they_were_left();
  void a_size_asked_for_wins_over_a_remembered_one();
  void every_rule_fits_into_the_panel();
  void docks_leave_the_figures_their_place_data();
  void docks_leave_the_figures_their_place();
};

void TestWindow::init() {
  begin();
}

void TestWindow::an_idle_window_paints_nothing() {
  auto window = make();
  run_to_the_end(*window);
  QTRY_COMPARE(listed(*window).size(), std::size_t{4});
  QTest::qWait(1500);  // the library's last reading and the figures' last frame
  const int before = window->scope()->clock().frame_count();
  QVERIFY(before > 0);
  QTest::qWait(2000);
  QCOMPARE(window->scope()->clock().frame_count(), before);
}

void TestWindow::a_stored_run_shows_what_the_live_one_showed() {
  auto window = make();
  run_to_the_end(*window);
  QTRY_COMPARE(listed(*window).size(), std::size_t{4});
  // The library may know the end a frame before the figures do.
  QTRY_VERIFY(figure_csv(window->scope()->model(), 1, false).count(QLatin1Char('\n')) >
              4 * world_->total_steps);
  QStringList live;
  for (int i = 0; i < static_cast<int>(window->scope()->model().figures().size()); ++i)
    live << figure_csv(window->scope()->model(), i, false);
  run_to_the_end(*window);  // another one, so that the first is stored and no more
  QTRY_COMPARE(listed(*window).size(), std::size_t{8});
  Q_EMIT window->library()->open_asked(listed(*window).front());
  QTRY_VERIFY(window->shown()->shows_stored());
  for (int i = 0; i < static_cast<int>(window->scope()->model().figures().size()); ++i)
    QCOMPARE(figure_csv(window->scope()->model(), i, false), live[i]);
  window->actions_of_window().back_to_live->trigger();
  QVERIFY(!window->shown()->shows_stored());
}

void TestWindow::deleted_runs_come_back() {
  auto window = make();
  run_to_the_end(*window);
  QTRY_COMPARE(listed(*window).size(), std::size_t{4});
  const auto all = listed(*window);
  window->library()->table()->selectRow(1);
  window->library()->remove_selected();
  QTRY_COMPARE(listed(*window).size(), std::size_t{3});
  QCOMPARE(window->messages()->sentence(), QStringLiteral("Run deleted."));
  window->library()->undo_remove();
  QVERIFY(window->messages()->sentence() != QLatin1String("Run deleted."));
  QTRY_COMPARE(listed(*window), all);
  window->library()->table()->selectRow(0);
  window->library()->table()->selectionModel()->select(
      window->library()->table()->model()->index(1, 0),
      QItemSelectionModel::Select | QItemSelectionModel::Rows);
  window->library()->remove_selected();
  QTRY_COMPARE(listed(*window).size(), std::size_t{2});
  QCOMPARE(window->messages()->sentence(), QStringLiteral("2 runs deleted."));
}

void TestWindow::enter_ends_the_edit_of_a_name() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 1000000;
  auto window = make();
  window->start_from_form();
  QTRY_COMPARE(listed(*window).size(), std::size_t{4});
  QTableView* table = window->library()->table();
  table->setFocus();
  table->setCurrentIndex(table->model()->index(0, RunLibraryModel::Column::name));
  QTest::keyClick(table, Qt::Key_F2);
  auto* editor = table->findChild<QLineEdit*>();
  QVERIFY(editor);
  editor->clear();
  QTest::keyClicks(editor, QStringLiteral("baseline"));
  // The run's numbers change while the editor is open.
  QSignalSpy changed(window->library()->model(), &QAbstractItemModel::dataChanged);
  QVERIFY(changed.wait(10000));
  QCOMPARE(editor->text(), QStringLiteral("baseline"));
  QTest::keyClick(editor, Qt::Key_Return);
  QTRY_VERIFY(!table->findChild<QLineEdit*>());
  QVERIFY(!window->shown()->shows_stored());
  const auto named = [&] {
    for (const RunSummary& run : RunReader(folder_->filePath(QStringLiteral("runs.db")).toStdString()).list())
      if (run.name == "baseline") return true;
    return false;
  };
  QTRY_VERIFY(named());
}

void TestWindow::closing_asks_while_a_run_goes_on() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 1000000;
  auto window = make();
  window->start_from_form();
  QTRY_VERIFY(window->run()->step_now() > 3);
  const auto answer = [&](QMessageBox::ButtonRole role) {
    QMessageBox* box = nullptr;
    window->close();
    QTRY_VERIFY((box = window->findChild<QMessageBox*>(QStringLiteral("close_question"))));
    for (QAbstractButton* button : box->buttons())
      if (box->buttonRole(button) == role) QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(!window->findChild<QMessageBox*>(QStringLiteral("close_question")));
  };
  answer(QMessageBox::RejectRole);
  QVERIFY(window->isVisible());
  QVERIFY(window->run()->active());
  answer(QMessageBox::AcceptRole);
  QTRY_VERIFY(!window->isVisible());
  window.reset();
  for (const RunSummary& run : RunReader(folder_->filePath(QStringLiteral("runs.db")).toStdString()).list())
    QCOMPARE(run.status.text(), std::string("stopped"));
}

// What QGuiApplication::commitDataRequest calls: it returns when all is on disk, for the session then goes.
void TestWindow::the_end_of_the_session_stores_the_run() {
  world_->a_step = std::chrono::milliseconds(5);
  auto window = make();
  window->start_from_form();
  QTRY_VERIFY(window->run()->step_now() > 3);
  window->store_before_the_session_ends();
  QVERIFY(!window->run()->busy());
  QVERIFY(window->isVisible());
  const std::string database = folder_->filePath(QStringLiteral("runs.db")).toStdString();
  for (const RunSummary& run : RunReader(database).list())
    QCOMPARE(run.status.text(), std::string("stopped"));
}

void TestWindow::a_signal_closes_without_a_question() {
  world_->a_step = std::chrono::milliseconds(5);
  auto window = make();
  window->start_from_form();
  QTRY_VERIFY(window->run()->step_now() > 3);
  window->stop_and_close();
  QTRY_VERIFY(!window->isVisible());
  QVERIFY(!window->run()->busy());
  QVERIFY(!window->run()->something_is_missing());
}

void TestWindow::a_failure_is_told_in_the_window() {
  world_->fail_at = 7;
  auto window = make();
  run_to_the_end(*window);
  QVERIFY(window->messages()->isVisible());
  QCOMPARE(window->messages()->kind(), MessageBar::Kind::error);
  QVERIFY2(window->messages()->sentence().contains(QStringLiteral(
               "the loss is not a number or infinite (NaN/Inf) at step 7, first in segment 2")),
           qPrintable(window->messages()->sentence()));
}

void TestWindow::a_text_given_as_database_is_told_in_the_window() {
  QFile file(folder_->filePath(QStringLiteral("runs.db")));
  QVERIFY(file.open(QIODevice::WriteOnly));
  const QByteArray letter = "This is a letter and no database.";
  file.write(letter);
  file.close();
  auto window = make();
  QTRY_VERIFY(window->messages()->sentence().contains(QStringLiteral("not a database")));
  QVERIFY(!window->messages()->sentence().contains(QLatin1Char('\n')));
  // Space tries to play, and is answered; it doesn't press the message's own button.
  QTest::keyClick(window->windowHandle(), Qt::Key_Space);
  QTRY_VERIFY(window->run()->exit_status() == 2);
  QTRY_VERIFY(!window->run()->busy());
  QVERIFY(window->messages()->isVisible());
  QVERIFY(file.open(QIODevice::ReadOnly));
  QCOMPARE(file.readAll(), letter);
}

void TestWindow::space_in_a_number_plays() {
  world_->a_step = std::chrono::microseconds(500);
  world_->total_steps = 1000000;
  auto window = make();
  SettingEditor* rate = window->experiment()->form()->editor("optimizer.lr");
  auto* line = rate->control()->findChild<QLineEdit*>();
  QVERIFY(line);
  const QString before = line->text();
  line->setFocus();
  line->selectAll();
  QTRY_VERIFY(line->hasFocus());
  QTest::keyClick(window->windowHandle(), Qt::Key_Space);
  QTRY_VERIFY(window->run()->busy());
  QCOMPARE(line->text(), before);
}

void TestWindow::panels_come_back_as_they_were_left() {
  {
    auto window = make();
    QVERIFY(window->library()->isVisible());
    window->library()->hide();
    window->scope()->change()->set_smoothing(0.5);
    window->close();
    QTRY_VERIFY(!window->isVisible());
  }
  auto window = make();
  QVERIFY(!window->library()->isVisible());
  QVERIFY(window->experiment()->isVisible());
  QVERIFY(std::abs(window->scope()->model().smoothing() - 0.5) < 1e-9);
}

void TestWindow::a_size_asked_for_wins_over_a_remembered_one() {
  {
    auto window = make(QSize(1280, 800));
    window->close();
    QTRY_VERIFY(!window->isVisible());
  }
  QCOMPARE(make(QSize(1024, 700))->size(), QSize(1024, 700));
}

void TestWindow::every_rule_fits_into_the_panel() {
  auto window = make(QSize(1024, 700));
  const ExperimentForm* form = window->experiment()->form();
  for (const RuleDescriptor& rule : rules()) {
    const auto* box =
        form->findChild<QCheckBox*>(QStringLiteral("rule.name=") + QString::fromStdString(rule.key));
    QVERIFY2(box, rule.key.c_str());
    QVERIFY2(box->width() >= box->sizeHint().width(), rule.key.c_str());
    QVERIFY2(box->mapTo(form, QPoint(box->sizeHint().width(), 0)).x() <= form->width(), rule.key.c_str());
  }
}

void TestWindow::docks_leave_the_figures_their_place_data() {
  QTest::addColumn<QSize>("size");
  for (const QSize size : {QSize(1024, 700), QSize(1280, 800), QSize(1600, 1000)})
    QTest::addRow("%dx%d", size.width(), size.height()) << size;
}

void TestWindow::docks_leave_the_figures_their_place() {
  QFETCH(QSize, size);
  auto window = make(size);
  QCOMPARE(window->size(), size);
  const QSize figures = window->scope()->size();
  QVERIFY2(figures.width() >= size.width() * 6 / 10 && figures.height() >= size.height() * 6 / 10,
           qPrintable(QStringLiteral("%1x%2").arg(figures.width()).arg(figures.height())));
  // What is left shows some runs below title, filter, buttons and headings: three in the smallest window.
  const int line = window->library()->table()->verticalHeader()->defaultSectionSize();
  QVERIFY2(window->library()->height() >= (4 + size.height() / 200) * line,
           qPrintable(QString::number(window->library()->height())));
}

int main(int argc, char** argv) {
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  QApplication app(argc, argv);
  TestWindow test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_window.moc"
