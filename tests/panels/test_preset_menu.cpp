// The menu of presets, and the form that it fills.
#include <QSignalSpy>
#include <QTest>

#include "engine/plans/plan.h"
#include "engine/plans/presets.h"
#include "ui/panels/experiment_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/preset_menu.h"

using namespace grapevine;

class TestPresetMenu : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_preset_has_its_entry();
  void a_preset_fills_the_form();
  void an_unknown_preset_is_told();
};

void TestPresetMenu::every_preset_has_its_entry() {
  PresetMenu menu;
  QSignalSpy chosen(&menu, &PresetMenu::chosen);
  for (const Preset& preset : presets()) {
    const QString name = QString::fromStdString(preset.name);
    auto* action = menu.findChild<QAction*>(QStringLiteral("preset.") + name);
    QVERIFY2(action, preset.name.c_str());
    QVERIFY(!action->text().isEmpty());
    for (const PresetRacer& racer : preset.racers)
      QVERIFY(action->toolTip().contains(QString::fromStdString(published_text(racer))));
    action->trigger();
    QCOMPARE(chosen.takeLast().at(0).toString(), name);
  }
}

void TestPresetMenu::a_preset_fills_the_form() {
  ExperimentDock dock({});
  for (const Preset& preset : presets()) {
    QVERIFY(dock.open_preset(QString::fromStdString(preset.name)));
    QVERIFY2(dock.form()->problems().isEmpty(), preset.name.c_str());
    QVERIFY2(dock.form()->plan()->racers == load_plan(preset.name, {}).racers, preset.name.c_str());
  }
}

void TestPresetMenu::an_unknown_preset_is_told() {
  ExperimentDock dock({});
  const auto before = dock.form()->plan()->racers;
  QSignalSpy message(&dock, &ExperimentDock::message);
  QVERIFY(!dock.open_preset(QStringLiteral("table1-mnist-mpl")));
  QVERIFY(message.takeFirst().at(0).toString().contains(QStringLiteral("did you mean table1-mnist-mlp")));
  QVERIFY(dock.form()->plan()->racers == before);
}

QTEST_MAIN(TestPresetMenu)
#include "test_preset_menu.moc"
