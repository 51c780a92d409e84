// Notes at steps in the window: of a run in progress, and of a stored one; lines that a measure crosses.
#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "engine/runs/run_reader.h"
#include "tests/desktop/window_fixture.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/shown_runs.h"

using namespace grapevine;

class TestNotes : public QObject, private WindowFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void a_note_is_taken_while_the_run_waits_and_changed_when_it_is_stored();
  void a_crossed_line_is_said();

 private:
  /// Fills the dialog that the key opens, and says what stood in it.
  static QString write(MainWindow& window, int step, const QString& text) {
    window.actions_of_window().note->trigger();
    auto* dialog = window.findChild<QDialog*>(QStringLiteral("note_dialog"));
    if (!dialog) return QStringLiteral("no dialog");
    dialog->findChild<QSpinBox*>(QStringLiteral("note_step"))->setValue(step);
    auto* line = dialog->findChild<QLineEdit*>(QStringLiteral("note_text"));
    const QString before = line->text();
    line->setText(text);
    dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->click();
    if (!QTest::qWaitFor([&] { return !window.findChild<QDialog*>(QStringLiteral("note_dialog")); }))
      return QStringLiteral("the dialog stayed");
    return before;
  }
  static QStringList notes(const RunData& run) {
    QStringList all;
    for (const Event& event : run.events)
      if (event.kind == EventKind::note)
        all << QString::number(event.step) + QLatin1Char(' ') + QString::fromStdString(event.cause);
    return all;
  }
};

void TestNotes::a_note_is_taken_while_the_run_waits_and_changed_when_it_is_stored() {
  world_->total_steps = 100000;
  auto window = make();
  QVERIFY(!window->actions_of_window().note->isEnabled());
  window->run()->start(make_plan("{}", "test", {.sets = {"seed=5"}, .rules = {}}),
                       RunController::Begin::paused, 30);
  QVERIFY(QTest::qWaitFor(
      [&] { return window->run()->step_now() == 30 && window->run()->state() == SessionState::paused; },
      20000));
  QTRY_VERIFY(window->actions_of_window().note->isEnabled());
  QCOMPARE(write(*window, 12, "a spike"), QString());
  QTRY_COMPARE(notes(*window->run()->runs().front()), QStringList{"12 a spike"});
  window->run()->stop();
  QTRY_VERIFY(!window->run()->busy());
  // Its text comes back, and is taken in its place.
  QCOMPARE(write(*window, 12, "no, a step of the schedule"), QString("a spike"));
  QTRY_VERIFY(window->shown()->shows_stored());
  QTRY_COMPARE(notes(*window->shown()->in_front().front()), QStringList{"12 no, a step of the schedule"});
  QCOMPARE(write(*window, 12, ""), QString("no, a step of the schedule"));
  QTRY_VERIFY(notes(*window->shown()->in_front().front()).isEmpty());
  RunReader reader(folder_->filePath(QStringLiteral("runs.db")).toStdString());
  QVERIFY(notes(reader.load(1)).isEmpty());
}

void TestNotes::a_crossed_line_is_said() {
  world_->total_steps = 60;
  auto window = make();
  const QSignalSpy shown(window->messages(), &MessageBar::shown);
  // The fake engine's cosine of layer 1 is step / (step + 50), measured at every tenth step.
  window->run()->start(make_plan("{}", "test", {.sets = {"alerts=cos_b_j[1]>0.05", "seed=5"}, .rules = {}}),
                       RunController::Begin::running);
  const auto said = [&] {
    return std::any_of(shown.begin(), shown.end(), [](const QList<QVariant>& one) {
      return one.front().toString() == QStringLiteral("Step 10: cos_b_j of layer 1 rose above 0.05: 0.1667");
    });
  };
  QTRY_VERIFY(said());
}

QTEST_MAIN(TestNotes)
#include "test_notes.moc"
