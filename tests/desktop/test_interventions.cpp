// What the window does to a run in progress: the stage's menus, taking a change back, live settings, forks.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QMenu>
#include <QPushButton>
#include <QSlider>

#include "engine/runs/run_reader.h"
#include "tests/desktop/window_fixture.h"
#include "ui/panels/live_dock.h"
#include "ui/panels/main_actions.h"
#include "ui/scope/scope_parts.h"

using namespace grapevine;

class TestInterventions : public QObject, private WindowFixture {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void a_dials_menu_lesions_and_undo_takes_it_back();
  void a_rule_without_feedback_says_why();
  void only_what_goes_on_can_be_changed();
  void a_slider_is_a_command_of_the_run();
  void a_run_is_forked_under_another_rule();

 private:
  /// A race of bp and dfa that was paused after 30 steps.
  std::unique_ptr<MainWindow> paused() {
    world_->total_steps = 100000;
    auto window = make();
    window->run()->start(make_plan("{}", "test", {.sets = {"seed=5"}, .rules = {"bp", "dfa"}}),
                         RunController::Begin::paused, 30);
    if (!QTest::qWaitFor(
            [&] { return window->run()->step_now() == 30 && window->run()->state() == SessionState::paused; },
            20000))
      qWarning("the run did not pause");
    return window;
  }
  static QAction* action(QMenu& menu, const char* name) {
    return menu.findChild<QAction*>(QString::fromLatin1(name));
  }
  static int events(const MainWindow& window, std::size_t racer, EventKind kind) {
    int count = 0;
    for (const Event& event : window.run()->runs()[racer]->events) count += event.kind == kind;
    return count;
  }
};

void TestInterventions::a_dials_menu_lesions_and_undo_takes_it_back() {
  auto window = paused();
  QMenu menu;
  window->scope()->parts().add_layer_commands(menu, {1, 2});
  for (const char* name : {"lesion:2:randomise", "lesion:2:zero", "lesion:2:rotate=45", "lesion:2:jacobian",
                           "freeze:2", "unfreeze:2"})
    QVERIFY2(action(menu, name) && action(menu, name)->isEnabled(), name);
  QAction* undo = window->actions_of_window().undo_change;
  QVERIFY(!undo->isEnabled());
  action(menu, "lesion:2:zero")->trigger();
  QTRY_COMPARE(events(*window, 1, EventKind::lesion), 1);
  QCOMPARE(events(*window, 0, EventKind::lesion), 0);
  QTRY_VERIFY(undo->isEnabled());
  QVERIFY2(undo->text().contains(QStringLiteral("feedback of layer 2 set to zero")),
           qPrintable(undo->text()));
  // As the key does in the figures.
  QVERIFY(QTest::qWaitFor([&] { return window->scope()->parts().controller.requests.undo != nullptr; }));
  window->scope()->parts().controller.handle(ScopeKey::undo);
  QTRY_COMPARE(events(*window, 1, EventKind::undo), 1);
  QTRY_VERIFY(!undo->isEnabled());
  window->run()->stop();
  QTRY_VERIFY(!window->run()->busy());
  QVERIFY(RunReader(folder_->filePath(QStringLiteral("runs.db")).toStdString()).commands(1, -1).empty());
}

void TestInterventions::a_rule_without_feedback_says_why() {
  auto window = paused();
  QMenu menu;
  window->scope()->parts().add_layer_commands(menu, {0, 1});
  QVERIFY(!action(menu, "lesion:1:zero")->isEnabled());
  QVERIFY2(
      action(menu, "lesion:1:zero")->toolTip().contains(QStringLiteral("no feedback weights of its own")),
      qPrintable(action(menu, "lesion:1:zero")->toolTip()));
  QVERIFY(!action(menu, "freeze:1")->isEnabled());
  QMenu column;
  window->scope()->parts().add_column_commands(column, 0);
  QVERIFY(!action(column, "calibrate_racer")->isEnabled());
  window->run()->stop();
}

void TestInterventions::only_what_goes_on_can_be_changed() {
  auto window = make();
  run_to_the_end(*window);
  QMenu menu, column;
  window->scope()->parts().add_layer_commands(menu, {1, 1});
  QVERIFY(!menu.findChild<QMenu*>(QStringLiteral("lesion")) && !action(menu, "freeze:1"));
  window->scope()->parts().add_column_commands(column, 1);
  QVERIFY(!action(column, "calibrate_racer"));
  QVERIFY(action(column, "fork_racer"));
}

void TestInterventions::a_slider_is_a_command_of_the_run() {
  auto window = paused();
  window->actions_of_window().live_settings->trigger();
  QTRY_VERIFY(window->live()->isVisible());
  auto* slider = window->live()->findChild<QSlider*>(QStringLiteral("slider.optimizer.lr"));
  QVERIFY(slider && slider->isEnabled());
  slider->setValue(slider->maximum());
  slider->setValue(slider->minimum());
  QTRY_COMPARE(world_->heard_settings().size(), std::size_t{1});  // once it rests
  QVERIFY(world_->heard_settings().front().starts_with("-1:optimizer.lr="));
  QTRY_COMPARE(events(*window, 0, EventKind::setting), 1);
  const int at_the_bottom = slider->value();
  window->actions_of_window().undo_change->trigger();
  QTRY_VERIFY(slider->value() > at_the_bottom);  // the panel follows
  window->run()->stop();
}

void TestInterventions::a_run_is_forked_under_another_rule() {
  auto window = paused();
  QMenu column;
  window->scope()->parts().add_column_commands(column, 1);
  action(column, "fork_racer")->trigger();
  auto* dialog = window->findChild<QDialog*>(QStringLiteral("fork_dialog"));
  QVERIFY(dialog);
  auto* rule = dialog->findChild<QComboBox*>(QStringLiteral("fork_rule"));
  QCOMPARE(rule->findData(QStringLiteral("dfa")), -1);  // what it is already
  rule->setCurrentIndex(rule->findData(QStringLiteral("residual")));
  dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->click();
  QTRY_COMPARE(window->run()->plan().racers.size(), std::size_t{2});
  QTRY_COMPARE(QString::fromStdString(window->run()->plan().racers.back().rule()),
               QStringLiteral("residual"));
  QTRY_COMPARE(window->run()->state(), SessionState::paused);
  RunReader reader(folder_->filePath(QStringLiteral("runs.db")).toStdString());
  const RunData parent = reader.load(2), control = reader.load(3), child = reader.load(4);
  QCOMPARE(control.rule, std::string("dfa"));
  for (const RunData& each : {control, child}) {
    QCOMPARE(reader.summary(each.id).origin, std::string("fork"));
    QCOMPARE(each.origin->uuid, parent.uuid);
    QCOMPARE(each.origin->step, std::int64_t{30});
    QCOMPARE(each.step, std::int64_t{30});
  }
  QCOMPARE(parent.status.text(), std::string("stopped"));
  window->run()->stop();
}

QTEST_MAIN(TestInterventions)
#include "test_interventions.moc"
