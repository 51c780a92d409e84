// A control for each kind of setting: values go in and come out unchanged, wrong texts are named.
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

#include "engine/experiment/settings.h"
#include "ui/panels/number_edit.h"
#include "ui/panels/setting_editor.h"

using namespace grapevine;

class TestSettingEditor : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ladder_goes_by_one_two_five();
  void every_default_round_trips();
  void large_numbers_survive();
  void small_rates_keep_their_form();
  void wrong_text_is_named();
  void list_is_written_with_commas();
  void steps_commit();
  void choices_are_the_registrys();
  void free_text_stays_text();
  void a_decimal_comma_is_understood();
};

namespace {

const Setting& setting(const char* key) {
  const Setting* found = find_setting(key, "grape");
  Q_ASSERT(found);
  return *found;
}

void type(SettingEditor& editor, const QString& text) {
  auto* line = qobject_cast<QLineEdit*>(editor.control());
  if (!line) line = editor.control()->findChild<QLineEdit*>();
  QVERIFY(line);
  line->clear();
  QTest::keyClicks(line, text);
}

}  // namespace

void TestSettingEditor::ladder_goes_by_one_two_five() {
  const double up[] = {1e-4, 2e-4, 5e-4, 1e-3};
  for (int i = 0; i + 1 < 4; ++i) QVERIFY(qFuzzyCompare(next_on_ladder(up[i], true), up[i + 1]));
  for (int i = 3; i > 0; --i) QVERIFY(qFuzzyCompare(next_on_ladder(up[i], false), up[i - 1]));
  QVERIFY(qFuzzyCompare(next_on_ladder(0.3, true), 0.5));
  QVERIFY(qFuzzyCompare(next_on_ladder(0.3, false), 0.2));
}

void TestSettingEditor::every_default_round_trips() {
  for (const Setting& each : experiment_settings()) {
    SettingEditor editor(each, each.key);
    const auto value = editor.value();
    QVERIFY2(value.has_value(), each.key.c_str());
    QVERIFY2(*value == each.fallback, each.key.c_str());
    QVERIFY(editor.is_default());
    QVERIFY2(editor.shown_trouble().isEmpty(), each.key.c_str());
  }
}

void TestSettingEditor::large_numbers_survive() {
  SettingEditor editor(setting("seed"), "seed");
  const std::int64_t large = 1099511627775;  // 2^40 − 1: above what QSpinBox holds
  editor.set_value(large);
  QCOMPARE(std::get<std::int64_t>(*editor.value()), large);
}

void TestSettingEditor::small_rates_keep_their_form() {
  SettingEditor editor(setting("optimizer.lr"), "optimizer.lr");
  type(editor, QStringLiteral("3e-7"));
  QCOMPARE(editor.text(), std::string("3e-7"));
  QCOMPARE(std::get<double>(*editor.value()), 3e-7);
}

void TestSettingEditor::wrong_text_is_named() {
  SettingEditor editor(setting("train.batch"), "train.batch");
  QSignalSpy edited(&editor, &SettingEditor::edited);
  type(editor, QStringLiteral("0"));
  QVERIFY(edited.count() > 0);
  QVERIFY(!editor.value().has_value());
  QVERIFY(editor.shown_trouble().contains(QStringLiteral("0")));
  QVERIFY(editor.shown_trouble().contains(QString::fromStdString(setting("train.batch").allowed())));
  type(editor, QStringLiteral("64"));
  QVERIFY(editor.shown_trouble().isEmpty());
  QCOMPARE(std::get<std::int64_t>(*editor.value()), std::int64_t{64});
}

void TestSettingEditor::list_is_written_with_commas() {
  SettingEditor editor(setting("model.hidden"), "model.hidden");
  editor.set_value(IntegerList{100, 20});
  QCOMPARE(qobject_cast<QLineEdit*>(editor.control())->text(), QStringLiteral("100, 20"));
  QCOMPARE(std::get<IntegerList>(*editor.value()), (IntegerList{100, 20}));
  type(editor, QStringLiteral("7, 8,9"));
  QCOMPARE(std::get<IntegerList>(*editor.value()), (IntegerList{7, 8, 9}));
}

void TestSettingEditor::steps_commit() {
  SettingEditor editor(setting("optimizer.lr"), "optimizer.lr");
  editor.set_value(1e-4);
  QSignalSpy committed(&editor, &SettingEditor::committed);
  qobject_cast<NumberEdit*>(editor.control())->stepUp();
  QCOMPARE(committed.count(), 1);
  QVERIFY(qFuzzyCompare(std::get<double>(*editor.value()), 2e-4));
}

void TestSettingEditor::choices_are_the_registrys() {
  const Setting& optimizer = setting("optimizer.name");
  SettingEditor editor(optimizer, "optimizer.name");
  auto* box = qobject_cast<QComboBox*>(editor.control());
  QVERIFY(box);
  QCOMPARE(box->count(), static_cast<int>(optimizer.choices.size()));
  editor.set_value(std::string("sgd"));
  QCOMPARE(editor.text(), std::string("sgd"));
}

void TestSettingEditor::free_text_stays_text() {
  SettingEditor editor(setting("name"), "name");
  type(editor, QStringLiteral("123"));
  QCOMPARE(std::get<std::string>(*editor.value()), std::string("123"));
}

void TestSettingEditor::a_decimal_comma_is_understood() {
  const QLocale before;
  QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
  SettingEditor editor(setting("optimizer.lr"), "optimizer.lr");
  editor.set_value(0.025);
  QCOMPARE(editor.control()->findChild<QLineEdit*>()->text(), QStringLiteral("0,025"));
  QCOMPARE(editor.text(), std::string("0.025"));  // as files have it
  type(editor, QStringLiteral("0,5"));
  QVERIFY(editor.value() == Value(0.5));
  type(editor, QStringLiteral("0.5"));
  QVERIFY(editor.value() == Value(0.5));
  type(editor, QStringLiteral("0,5,5"));
  QVERIFY(!editor.value());
  QLocale::setDefault(before);
}

QTEST_MAIN(TestSettingEditor)
#include "test_setting_editor.moc"
