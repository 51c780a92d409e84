// Looking inside with the real engine behind the window: the inspector's figures by NumPy, a stored run's
// layer as its checkpoint has it, slow motion after a change, and that nothing of it is cut in a small
// window. With GRAPEVINE_PICTURES=FOLDER it leaves a picture of everything that only a hand on the mouse
// brings up.
#include <SQLiteCpp/SQLiteCpp.h>
#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QProcess>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

#include "engine/door/engine_api.h"
#include "engine/launch/timed_commands.h"
#include "engine/plans/plan.h"
#include "engine/runs/run_reader.h"
#include "ui/panels/experiment_dock.h"
#include "ui/panels/inspector/inspector_dock.h"
#include "ui/panels/inspector/picture_files.h"
#include "ui/panels/live_dock.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/slow_motion/slow_motion_dock.h"
#include "ui/scope/scope_parts.h"
#include "ui/scope/scope_widget.h"

using namespace grapevine;

namespace {

const std::vector<std::string> settings = {
    "threads=1",          "data.name=shapes",  "data.train_limit=640", "data.test_limit=100",
    "model.hidden=24,20", "train.batch=32",    "train.epochs=1",       "probe.every=5",
    "probe.batch=32",     "optimizer.lr=0.05", "optimizer.name=sgd",   "checkpoint.every_seconds=0"};

ExperimentPlan plan_of(const std::vector<std::string>& rules) {
  return make_plan("{}", "test", {.sets = settings, .rules = rules});
}

/// Everything measured but times, of the runs in their order.
QStringList samples_of(const QString& database) {
  SQLite::Database file(database.toStdString());
  SQLite::Statement row(
      file,
      "SELECT s.run, s.measure, s.point, x.step, x.value FROM samples x JOIN series s ON s.id = x.series "
      "WHERE s.measure NOT LIKE '%\\_seconds' ESCAPE '\\' ORDER BY 1, 2, 3, 4");
  QStringList all;
  while (row.executeStep()) {
    QStringList cells;
    for (int i = 0; i < 4; ++i) cells << QString::fromStdString(row.getColumn(i).getString());
    all << cells.join(QLatin1Char(' ')) + QLatin1Char(' ') +
               QString::number(row.getColumn(4).getDouble(), 'g', 17);
  }
  return all;
}

/// The runs as they are after a kill before their first checkpoint: their rows, with all that was done to
/// them.
void forget_the_end(const QString& database) {
  SQLite::Database file(database.toStdString(), SQLite::OPEN_READWRITE);
  file.exec("UPDATE runs SET status = 'interrupted'");
  file.exec("DELETE FROM checkpoints");
}

int terminal(const QStringList& arguments) {
  QProcess process;
  process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  process.start(QStringLiteral(GRAPEVINE_BIN_DIR "/grapevine-cli"), arguments);
  return process.waitForFinished(120000) ? process.exitCode() : -1;
}

/// Words that have not the room they take.
QStringList cut_in(const QWidget& root) {
  QTest::qWait(200);  // what was just shown gets its place
  QStringList cut;
  for (const QWidget* widget : root.findChildren<QWidget*>()) {
    if (!widget->isVisible()) continue;
    // What zero means, within a number's box, shows itself where it fits.
    if (const auto* label = qobject_cast<const QLabel*>(widget);
        label && !label->parent()->inherits("QLineEdit")) {
      const int height =
          label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
      const bool narrow = !label->wordWrap() && label->sizeHint().width() > label->width();
      if (!label->text().isEmpty() && (narrow || height > label->height()))
        cut << QStringLiteral("label '%1'").arg(label->text());
    }
    if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
      if (!button->text().isEmpty() && button->sizeHint().width() > button->width())
        cut << QStringLiteral("button '%1'").arg(button->text());
  }
  return cut;
}

}  // namespace

class TestLooking : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }
  void figures_are_numpys();
  void a_stored_layer_is_the_checkpoints();
  void slow_motion_follows_a_change();
  void a_run_that_has_ended_has_no_next_step();
  void every_command_replays_in_window_and_terminal();
  void a_small_window_keeps_its_words();
  void what_the_mouse_brings_up_is_whole();

 private:
  QString file(const char* name) const { return folder_->filePath(QLatin1String(name)); }
  std::unique_ptr<MainWindow> make(QSize size = {1400, 900}, bool dark = false,
                                   const char* database = "runs.db") {
    WindowParts parts;
    parts.make_stepper = engine_steppers();
    parts.database = file(database);
    parts.dark = dark;
    parts.size = size;
    parts.ask_before_closing = false;
    auto window = std::make_unique<MainWindow>(std::move(parts));
    window->show();
    if (!QTest::qWaitForWindowActive(window.get())) qWarning("the window did not become active");
    return window;
  }
  void run_to(MainWindow& window, const std::vector<std::string>& rules, std::int64_t step) {
    window.run()->start(plan_of(rules), RunController::Begin::paused, step);
    QVERIFY(QTest::qWaitFor(
        [&] { return window.run()->step_now() == step && window.run()->state() == SessionState::paused; },
        60000));
  }
  void end(MainWindow& window) {
    window.run()->stop();
    QVERIFY(QTest::qWaitFor([&] { return !window.run()->busy(); }, 60000));
  }
  static bool looked(const MainWindow& window, std::int64_t step) {
    return QTest::qWaitFor([&] { return window.inspector()->is_of_step(step); }, 60000);
  }
  /// As a user sees it, the figures painted over their place.
  static void keep(QWidget& widget, const QString& name) {
    const QString to = qEnvironmentVariable("GRAPEVINE_PICTURES");
    if (to.isEmpty()) return;
    QTest::qWait(200);
    QImage picture = widget.grab().toImage();
    if (auto* window = qobject_cast<MainWindow*>(&widget); window && window->scope()->isVisible()) {
      window->scope()->refresh();
      QPainter painter(&picture);
      const QWidget& canvas = *window->scope()->focusProxy();
      painter.drawImage(QRect(canvas.mapTo(window, QPoint(0, 0)), canvas.size()),
                        window->scope()->grab_frame());
    }
    picture.save(QDir(to).filePath(name + QStringLiteral(".png")));
  }

  std::unique_ptr<QTemporaryDir> folder_;
};

void TestLooking::figures_are_numpys() {
  const QString python = QStringLiteral("/usr/bin/python3");
  if (!QFileInfo::exists(python) ||
      QProcess::execute(python, {QStringLiteral("-c"), QStringLiteral("import numpy")}) != 0)
    QSKIP("python3-numpy is not installed: nothing works the figures out a second time");
  auto window = make();
  run_to(*window, {"grape"}, 12);
  for (const int layer : {1, 2}) {
    window->inspect(0, layer);
    QVERIFY(looked(*window, 12));
    const Inspection& found = window->inspector()->columns().front()->inspection();
    QVERIFY(!found.estimate.empty() && !found.sample_angles.empty());
    const QString npz = file("layer.npz");
    const QString columns = file("columns.csv");
    const QString angles = file("angles.csv");
    QCOMPARE(write_text(npz, inspection_npz(found, "GrAPE")), QString());
    QCOMPARE(write_text(columns, histogram_csv(histogram_of(found.column_cosines, -1, 1, 36))), QString());
    QCOMPARE(write_text(angles, histogram_csv(histogram_of(found.sample_angles, 0, 180, 36))), QString());
    QProcess numpy;
    numpy.start(python, {QStringLiteral(GRAPEVINE_SOURCE_DIR "/tests/inspection/figures_by_numpy.py"), npz,
                         columns, angles});
    QVERIFY(numpy.waitForFinished(60000));
    QVERIFY2(numpy.exitCode() == 0,
             (numpy.readAllStandardOutput() + numpy.readAllStandardError()).constData());
  }
  end(*window);
}

void TestLooking::a_stored_layer_is_the_checkpoints() {
  auto window = make();
  run_to(*window, {"dfa", "grape"}, 12);
  window->inspect(1, 2);
  QVERIFY(looked(*window, 12));
  const Inspection live = window->inspector()->columns().front()->inspection();
  const QStringList files = QDir(folder_->path()).entryList(QDir::Files);
  end(*window);
  // The run that is over, and the same opened from the library of another start.
  for (const bool again : {false, true}) {
    if (again) {
      window = make();
      QVERIFY(QTest::qWaitFor([&] { return window->library()->model()->rowCount() == 2; }, 20000));
      Q_EMIT window->library()->open_asked(2);
      QVERIFY(QTest::qWaitFor([&] { return window->shown()->shows_stored(); }, 20000));
      window->inspect(1, 2);
    } else {
      window->inspect(1, 1);
      window->inspect(1, 2);
    }
    QVERIFY(looked(*window, 12));
    const Inspection& stored = window->inspector()->columns().front()->inspection();
    QVERIFY2(stored.trouble.empty(), stored.trouble.c_str());
    QVERIFY(stored.feedback.values == live.feedback.values);
    QVERIFY(stored.estimate.values == live.estimate.values);
    QVERIFY(stored.jacobian.values == live.jacobian.values);
    QVERIFY(stored.sample_angles == live.sample_angles);
    QString said;
    for (const QLabel* label : window->inspector()->findChildren<QLabel*>())
      if (label->text().contains(QStringLiteral("last checkpoint"))) said = label->text();
    QVERIFY2(said.contains(QStringLiteral("step 12")), qPrintable(said));
  }
  keep(*window, QStringLiteral("stored"));
  QCOMPARE(QDir(folder_->path()).entryList(QDir::Files), files);
}

void TestLooking::slow_motion_follows_a_change() {
  auto window = make();
  run_to(*window, {"dfa"}, 6);
  window->show_slowly();
  SlowMotionDock& slow = *window->slow_motion();
  QVERIFY(QTest::qWaitFor([&] { return slow.shown() != nullptr; }, 20000));
  const auto number = [&](const char* title, const char* beginning) {
    for (const RehearsedPhase& phase : slow.shown()->phases)
      if (phase.title == title)
        for (const WorkedNumber& one : phase.numbers)
          if (one.name.starts_with(beginning)) return one;
    return WorkedNumber{"", "", std::nan("")};
  };
  const double before = number("Signal", "δ").value;
  QVERIFY(before != 0);
  window->run()->change(LiveChange::lesion_of(1, {LesionKind::zero, 0}, 0));
  QTRY_COMPARE(number("Signal", "δ").value, 0.0);
  window->run()->undo();
  QTRY_COMPARE(number("Signal", "δ").value, before);
  window->run()->set_live(QStringLiteral("optimizer.lr"), QStringLiteral("0.25"), -1);
  QTRY_VERIFY(number("Update", "W").arithmetic.find("0.25") != std::string::npos);
  end(*window);
}

void TestLooking::a_run_that_has_ended_has_no_next_step() {
  auto window = make();
  run_to(*window, {"dfa"}, 2);
  end(*window);
  const std::vector<std::int64_t> ids = window->run()->ids();
  window->show_slowly();
  const auto labels = window->slow_motion()->findChildren<QLabel*>();
  QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->text().contains(QStringLiteral("has ended"));
  }));
  QVERIFY(!window->run()->busy());
  QCOMPARE(window->run()->ids(), ids);
}

// Given by hand in the window; then from the stored rows by the terminal and by the window, and beforehand on
// a command line.
void TestLooking::every_command_replays_in_window_and_terminal() {
  auto window = make();
  run_to(*window, {"dfa", "grape"}, 2);
  std::int64_t step = 2;
  for (const char* command : {"set:optimizer.lr=0.02", "lesion:1:randomise", "lesion:2:rotate=40",
                              "lesion:2:jacobian", "freeze:2", "calibrate", "unfreeze:2"}) {
    window->run()->change(parse_change(command));
    window->run()->step(1);
    ++step;
    QVERIFY(QTest::qWaitFor(
        [&] { return window->run()->step_now() == step && window->run()->state() == SessionState::paused; },
        60000));
  }
  window->run()->change(LiveChange::lesion_of(1, {LesionKind::zero, 0}, 0));  // GrAPE can't have it
  window->run()->play();
  QVERIFY(QTest::qWaitFor([&] { return !window->run()->busy(); }, 60000));
  QCOMPARE(window->run()->exit_status(), 0);
  window.reset();
  const QStringList expected = samples_of(file("runs.db"));
  QVERIFY(expected.size() > 100);
  const std::vector<CommandRecord> commands = RunReader(file("runs.db").toStdString()).commands(1, -1);
  QCOMPARE(commands.size(), std::size_t{8});

  for (const char* copy : {"terminal.db", "window.db"}) {
    QVERIFY(QFile::copy(file("runs.db"), file(copy)));
    forget_the_end(file(copy));
  }
  QCOMPARE(
      terminal({QStringLiteral("resume"), QStringLiteral("1"), QStringLiteral("--db"), file("terminal.db")}),
      0);
  QCOMPARE(samples_of(file("terminal.db")), expected);

  window = make({1400, 900}, false, "window.db");
  window->run()->resume(1);
  QVERIFY(QTest::qWaitFor([&] { return !window->run()->busy(); }, 60000));
  window.reset();
  QCOMPARE(samples_of(file("window.db")), expected);

  QStringList asked{QStringLiteral("race"), QStringLiteral("--rules"), QStringLiteral("dfa,grape"),
                    QStringLiteral("--db"), file("asked.db")};
  for (const std::string& set : settings) asked << QStringLiteral("--set") << QString::fromStdString(set);
  asked += QString::fromStdString(at_options(commands, -1)).split(QLatin1Char(' '), Qt::SkipEmptyParts);
  QCOMPARE(terminal(asked), 0);
  QCOMPARE(samples_of(file("asked.db")), expected);
}

void TestLooking::a_small_window_keeps_its_words() {
  auto window = make({1024, 700});
  run_to(*window, {"bp", "dfa", "grape", "residual"}, 10);
  const int form = window->experiment()->width();
  window->inspect(2, 2);
  QVERIFY(looked(*window, 10));
  QVERIFY(QTest::qWaitFor([&] { return window->scope()->width() >= 520; }, 5000));
  QVERIFY(window->tabifiedDockWidgets(window->experiment()).contains(window->inspector()));
  QCOMPARE(cut_in(*window->inspector()).join(QLatin1String("; ")), QString());
  keep(*window, QStringLiteral("small-inspector"));
  window->show_slowly();
  QVERIFY(QTest::qWaitFor([&] { return window->slow_motion()->shown() != nullptr; }, 20000));
  QCOMPARE(cut_in(*window->slow_motion()).join(QLatin1String("; ")), QString());
  keep(*window, QStringLiteral("small-slow-motion"));
  window->slow_motion()->hide();
  window->inspector()->hide();
  QVERIFY(QTest::qWaitFor([&] { return std::abs(window->experiment()->width() - form) < 20; }, 5000));
  end(*window);
}

void TestLooking::what_the_mouse_brings_up_is_whole() {
  for (const bool dark : {false, true}) {
    const QString tone = dark ? QStringLiteral("-dark") : QStringLiteral("-light");
    init();
    auto window = make({1400, 900}, dark);
    run_to(*window, {"bp", "dfa", "grape"}, 10);
    window->run()->change(LiveChange::lesion_of(1, {LesionKind::rotate, 45}, 1));
    window->run()->change(LiveChange::freezing(2, true, 2));
    window->run()->set_live(QStringLiteral("optimizer.lr"), QStringLiteral("0.02"), -1);
    window->run()->step(4);
    QVERIFY(QTest::qWaitFor(
        [&] { return window->run()->step_now() == 14 && window->run()->state() == SessionState::paused; },
        60000));
    window->run()->calibrate();
    window->run()->step(4);
    QVERIFY(QTest::qWaitFor(
        [&] { return window->run()->step_now() == 18 && window->run()->state() == SessionState::paused; },
        60000));
    keep(*window, QStringLiteral("stage") + tone);
    window->scope()->change()->view = ScopeView::figures;
    window->scope()->refresh();
    keep(*window, QStringLiteral("figures") + tone);
    window->scope()->change()->view = ScopeView::stage;

    QMenu dial(window.get()), column(window.get());
    window->scope()->parts().add_layer_commands(dial, {2, 2});
    window->scope()->parts().add_racer_commands(column, 2);
    window->scope()->parts().add_column_commands(column, 2);
    auto* lesions = dial.findChild<QMenu*>(QStringLiteral("lesion"));
    QVERIFY(lesions);
    for (QMenu* menu : {&dial, lesions, &column}) {
      menu->ensurePolished();
      menu->resize(menu->sizeHint());
      for (const QAction* action : menu->actions()) {
        if (action->isSeparator()) continue;
        QVERIFY2(menu->fontMetrics().horizontalAdvance(action->text()) < menu->width(),
                 qPrintable(action->text()));
        // What can't be chosen says why.
        QVERIFY2(action->isEnabled() || action->toolTip() != action->text(), qPrintable(action->text()));
      }
    }
    keep(dial, QStringLiteral("menu-dial") + tone);
    keep(*lesions, QStringLiteral("menu-lesions") + tone);
    keep(column, QStringLiteral("menu-column") + tone);

    window->actions_of_window().live_settings->trigger();
    QVERIFY(QTest::qWaitFor([&] { return window->live()->isVisible(); }, 5000));
    QTest::qWait(100);
    QCOMPARE(cut_in(*window->live()).join(QLatin1String("; ")), QString());
    for (QSlider* slider : window->live()->findChildren<QSlider*>()) {
      QVERIFY2(slider->focusPolicy() & Qt::TabFocus, qPrintable(slider->objectName()));
      QVERIFY(!slider->accessibleName().isEmpty());
    }
    keep(*window, QStringLiteral("live") + tone);

    window->actions_of_window().fork->trigger();
    auto* fork = window->findChild<QDialog*>(QStringLiteral("fork_dialog"));
    QVERIFY(fork);
    QVERIFY(QTest::qWaitForWindowExposed(fork));
    QCOMPARE(cut_in(*fork).join(QLatin1String("; ")), QString());
    keep(*fork, QStringLiteral("fork") + tone);
    fork->reject();
    end(*window);
  }
}

QTEST_MAIN(TestLooking)
#include "test_looking.moc"
