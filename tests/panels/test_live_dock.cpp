// Live settings with sliders: what a slider's places mean, one change when it rests, one racer or all, and
// what was changed elsewhere or taken back.
#include <QComboBox>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/plans/plan.h"
#include "ui/panels/live_dock.h"
#include "ui/panels/slider_scale.h"

using namespace grapevine;

class TestLiveDock : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_live_number_has_a_scale();
  void a_rate_goes_by_factors();
  void zero_is_the_lowest_place();
  void a_slider_changes_once_when_it_rests();
  void one_racer_is_changed_alone();
  void changes_from_elsewhere_are_followed();

 private:
  static Event set(const char* key, const char* value) {
    Event event;
    event.kind = EventKind::setting;
    event.data = std::string("{\"key\": \"") + key + "\", \"value\": \"" + value + "\"}";
    return event;
  }
};

void TestLiveDock::every_live_number_has_a_scale() {
  for (const RuleDescriptor& rule : rules()) {
    const Experiment experiment(rule.key);
    for (const auto& [key, value] : experiment.entries()) {
      const Setting* setting = find_setting(key, rule.key);
      if (!setting || !setting->live || !SliderScale::fits(*setting)) continue;
      const double now = setting->kind == Kind::integer ? static_cast<double>(std::get<std::int64_t>(value))
                                                        : std::get<double>(value);
      const SliderScale scale(*setting, now);
      for (int place = 0; place <= SliderScale::places; place += 25) {
        const double given = scale.value(place);
        const Value as_value =
            setting->kind == Kind::integer ? Value(static_cast<std::int64_t>(given)) : Value(given);
        check_value(*setting, as_value);  // throws where it is out of range
      }
      const double again = scale.value(scale.place(now));
      QVERIFY2(std::abs(again - now) <= 0.03 * std::abs(now) + 0.01, key.c_str());
    }
  }
}

void TestLiveDock::a_rate_goes_by_factors() {
  const SliderScale scale(*find_setting("optimizer.lr", "bp"), 1e-3);
  QCOMPARE(scale.value(0), 1e-5);
  QCOMPARE(scale.value(SliderScale::places), 0.1);
  QCOMPARE(scale.value(SliderScale::places / 2), 1e-3);
  QCOMPARE(scale.place(1e-2), SliderScale::places * 3 / 4);
}

void TestLiveDock::zero_is_the_lowest_place() {
  const SliderScale scale(*find_setting("optimizer.clip", "bp"), 0);
  QCOMPARE(scale.value(0), 0.0);
  QVERIFY(scale.value(1) > 0);
  QCOMPARE(scale.place(0), 0);
}

void TestLiveDock::a_slider_changes_once_when_it_rests() {
  LiveDock dock;
  dock.set_race({Experiment("dfa")}, {QStringLiteral("DFA")});
  QVERIFY(dock.findChild<QComboBox*>(QStringLiteral("live_racer"))->isHidden());
  auto* slider = dock.findChild<QSlider*>(QStringLiteral("slider.optimizer.lr"));
  QVERIFY(slider && !slider->isEnabled());  // no run is in progress
  dock.set_running(true);
  QVERIFY(slider->isEnabled());
  QSignalSpy changed(&dock, &LiveDock::changed);
  for (int place = slider->value(); place < SliderScale::places; place += 10) slider->setValue(place);
  QCOMPARE(changed.count(), 0);
  QTRY_COMPARE(changed.count(), 1);
  QCOMPARE(changed[0][0].toString(), QStringLiteral("optimizer.lr"));
  QVERIFY(changed[0][1].toDouble() > 1e-4);
  QCOMPARE(changed[0][2].toInt(), -1);
}

void TestLiveDock::one_racer_is_changed_alone() {
  LiveDock dock;
  dock.set_race({Experiment("bp"), Experiment("grape")}, {QStringLiteral("BP"), QStringLiteral("GrAPE")});
  dock.set_running(true);
  QVERIFY(dock.findChild<QSlider*>(QStringLiteral("slider.rule.align_rate")));
  dock.choose_racer(0);
  QTRY_VERIFY(!dock.findChild<QSlider*>(QStringLiteral("slider.rule.align_rate")));  // BP has none
  QSignalSpy changed(&dock, &LiveDock::changed);
  dock.findChild<QSlider*>(QStringLiteral("slider.optimizer.lr"))->setValue(SliderScale::places);
  QTRY_COMPARE(changed.count(), 1);
  QCOMPARE(changed[0][2].toInt(), 0);
}

void TestLiveDock::changes_from_elsewhere_are_followed() {
  const auto rate = [](const RunData& run) {
    return to_text(with_live_changes(Experiment("bp"), run).value("optimizer.lr"));
  };
  RunData run;
  const std::string begun = rate(run);
  run.events = {set("optimizer.lr", "0.5")};
  QCOMPARE(rate(run), std::string("0.5"));
  Event lesion, undo;
  lesion.kind = EventKind::lesion;
  undo.kind = EventKind::undo;
  run.events.push_back(lesion);
  run.events.push_back(undo);  // of the lesion
  QCOMPARE(rate(run), std::string("0.5"));
  run.events.push_back(undo);  // and of the setting
  QCOMPARE(rate(run), begun);
  run.events.push_back(set("rule.align_rate", "0.5"));  // of another racer's rule
  QCOMPARE(rate(run), begun);
}

QTEST_MAIN(TestLiveDock)
#include "test_live_dock.moc"
