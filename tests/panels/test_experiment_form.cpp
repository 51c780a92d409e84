// The form made from the registry: a control for every key, edits become an Experiment, complaints stand
// where they are.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/plans/plan.h"
#include "ui/panels/experiment_dock.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/race_form.h"
#include "ui/panels/rule_families.h"
#include "ui/panels/setting_editor.h"
#include "ui/panels/settings_section.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/words.h"

using namespace grapevine;

class TestExperimentForm : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_key_has_a_control();
  void first_experiment_is_in_it();
  void plans_round_trip();
  void differing_racers_survive();
  void edit_reaches_the_plan();
  void rules_are_chosen_by_boxes();
  void unticking_keeps_settings();
  void second_racer_of_a_rule();
  void what_is_set_once_for_a_race_says_so();
  void dependent_settings_hide();
  void every_dependent_setting_shows_where_it_means_something();
  void complaint_is_marked_where_it_is();
  void a_complaint_stands_at_every_control_concerned();
  void headings_say_the_racers_own_values();
  void no_form_is_wider_than_its_dock();
  void what_differs_from_the_default_is_bold();
  void every_rule_has_a_family();
  void the_time_is_told_once_a_speed_is_known();
  void seldom_measuring_says_how_to_see_more();
  void wrong_text_blocks_the_plan();
  void no_rule_is_a_problem();
  void running_leaves_live_settings();
  void live_edit_becomes_a_command();
  void search_narrows();
};

namespace {

ExperimentPlan race_of(const std::vector<std::string>& rules) {
  return make_plan("{}", "test", {.sets = {}, .rules = rules});
}

}  // namespace

void TestExperimentForm::every_key_has_a_control() {
  ExperimentForm form;
  for (const RuleDescriptor& rule : rules()) {
    form.set_plan({{Experiment(rule.key)}, false});
    QVERIFY(form.findChild<QCheckBox*>(QStringLiteral("rule.name=") + QString::fromStdString(rule.key)));
    for (const auto& [key, value] : Experiment(rule.key).entries()) {
      if (key == "rule.name") continue;
      const SettingEditor* editor = form.editor(key);
      QVERIFY2(editor, key.c_str());
      QVERIFY2(!editor->control()->accessibleName().isEmpty(), key.c_str());
      QVERIFY2(editor->toolTip().contains(QString::fromStdString(key)), key.c_str());
    }
  }
}

void TestExperimentForm::first_experiment_is_in_it() {
  ExperimentForm form;
  const auto plan = form.plan();
  QVERIFY(plan);
  QVERIFY(plan->racers == first_experiment().racers);
  QVERIFY(plan->is_race);
  QVERIFY(form.problems().isEmpty());
}

void TestExperimentForm::plans_round_trip() {
  ExperimentForm form;
  for (const RuleDescriptor& rule : rules()) {
    Experiment experiment(rule.key);
    experiment.set("seed", std::int64_t{42});
    experiment.set("optimizer.lr", 0.003);
    experiment.set("model.hidden", IntegerList{30, 20});
    experiment.set("model.activation", std::string("tanh"));
    experiment.set("data.normalize", false);
    form.set_plan({{experiment}, false});
    const auto plan = form.plan();
    QVERIFY(plan);
    QCOMPARE(plan->racers.size(), std::size_t{1});
    QVERIFY(!plan->is_race);
    QVERIFY2(plan->racers.front() == experiment, rule.key.c_str());
  }
}

// A file may give one racer a learning rate of its own; the form has no column for that, but must not lose
// it.
void TestExperimentForm::differing_racers_survive() {
  for (const char* race :
       {"[{'rule': {'name': 'bp'}}, {'rule': {'name': 'dfa'}, 'optimizer': {'lr': 0.5}}]",
        "[{'name': 'slow', 'rule': {'name': 'fa'}}, {'name': 'fast', 'rule': {'name': 'fa'}}]",
        "[{'rule': {'name': 'bp'}}, {'name': 'fast', 'rule': {'name': 'grape'}}]"}) {
    const QByteArray document = QByteArray("{'race': ") + race + "}";
    const ExperimentPlan plan = make_plan(QByteArray(document).replace('\'', '"').toStdString(), "test", {});
    ExperimentForm form;
    form.set_plan(plan);
    QVERIFY2(form.plan()->racers == plan.racers, race);
  }
}

void TestExperimentForm::edit_reaches_the_plan() {
  ExperimentForm form;
  QSignalSpy edited(&form, &ExperimentForm::edited);
  auto* line = form.editor("train.epochs")->control()->findChild<QLineEdit*>();
  line->clear();
  QTest::keyClicks(line, QStringLiteral("7"));
  QVERIFY(edited.count() > 0);
  const auto plan = form.plan();
  QVERIFY(plan);
  for (const Experiment& racer : plan->racers) QCOMPARE(racer.integer("train.epochs"), std::int64_t{7});
}

void TestExperimentForm::rules_are_chosen_by_boxes() {
  ExperimentForm form;
  form.set_plan(race_of({"bp", "grape"}));
  QTest::mouseClick(form.findChild<QCheckBox*>(QStringLiteral("rule.name=dfa")), Qt::LeftButton, {},
                    QPoint(8, 8));
  const auto plan = form.plan();
  QCOMPARE(plan->racers.size(), std::size_t{3});
  QCOMPARE(plan->racers[1].rule(), std::string("dfa"));  // the registry's order
  QVERIFY(plan->is_race);
  QTest::mouseClick(form.findChild<QCheckBox*>(QStringLiteral("rule.name=bp")), Qt::LeftButton, {},
                    QPoint(8, 8));
  QCOMPARE(form.plan()->racers.size(), std::size_t{2});
}

void TestExperimentForm::unticking_keeps_settings() {
  ExperimentForm form;
  form.set_plan(race_of({"bp", "grape"}));
  form.editor("rule.align_rate", 1)->set_value(0.25);
  form.race()->choose("grape", false);
  form.race()->choose("grape", true);
  QCOMPARE(form.plan()->racers[1].number("rule.align_rate"), 0.25);
}

void TestExperimentForm::second_racer_of_a_rule() {
  ExperimentForm form;
  form.set_plan(race_of({"grape"}));
  auto* more = form.race()->findChild<QToolButton*>(QStringLiteral("add_variant"));
  QVERIFY(more);
  more->click();
  QTRY_COMPARE(form.race()->racer_count(), 2);
  form.editor("rule.align_rate", 1)->set_value(0.5);
  const auto plan = form.plan();
  QVERIFY(plan->is_race);
  QCOMPARE(plan->racers[0].number("rule.align_rate"), Experiment("grape").number("rule.align_rate"));
  QCOMPARE(plan->racers[1].number("rule.align_rate"), 0.5);
}

void TestExperimentForm::what_is_set_once_for_a_race_says_so() {
  ExperimentForm form;
  const auto title = [&] { return form.findChild<SettingsSection*>("section.")->title(); };
  form.set_plan(race_of({"bp", "dfa"}));
  QCOMPARE(title(), QString("All racers"));  // its seed, threads and device
  form.set_plan(make_plan("{}", "test", {}));
  QCOMPARE(title(), QString("Run"));
}

void TestExperimentForm::dependent_settings_hide() {
  ExperimentForm form;
  form.resize(400, 2000);
  form.show();
  auto* name = qobject_cast<QComboBox*>(form.editor("optimizer.name")->control());
  const auto choose = [&](const char* value) {
    name->setCurrentIndex(name->findData(QLatin1String(value)));
    Q_EMIT name->activated(name->currentIndex());
  };
  choose("adam");
  QVERIFY(form.editor("optimizer.beta1")->isVisible());
  QVERIFY(!form.editor("optimizer.momentum")->isVisible());
  choose("sgd");
  QVERIFY(!form.editor("optimizer.beta1")->isVisible());
  QVERIFY(form.editor("optimizer.momentum")->isVisible());
}

void TestExperimentForm::every_dependent_setting_shows_where_it_means_something() {
  ExperimentForm form;
  int looked_at = 0;
  const auto look = [&](const std::string& rule, const std::string& key, const Setting& setting) {
    const bool is_full = find_setting(setting.depends_on, rule) != nullptr;
    const std::string ruling = is_full ? setting.depends_on : "rule." + setting.depends_on;
    const std::vector<std::string> yes_or_no{"true", "false"};
    const Setting* by = find_setting(ruling, rule);
    QVERIFY2(by, key.c_str());
    for (const std::string& word : by->kind == Kind::boolean ? yes_or_no : by->choices) {
      Experiment experiment(ruling == "rule.name" ? word : rule);
      if (ruling != "rule.name") experiment.set_text(ruling, word);
      form.set_plan({{experiment}, false});
      const auto& words = setting.depends_values;
      const bool is_meant = std::find(words.begin(), words.end(), word) != words.end();
      const SettingEditor* editor = form.editor(key);
      QVERIFY2(editor && editor->isHidden() != is_meant, (key + " with " + ruling + "=" + word).c_str());
      ++looked_at;
    }
  };
  for (const Setting& setting : experiment_settings())
    if (!setting.depends_on.empty()) look("grape", setting.key, setting);
  for (const RuleDescriptor& rule : rules())
    for (const Setting& setting : rule.settings)
      if (!setting.depends_on.empty()) look(rule.key, "rule." + setting.key, setting);
  QVERIFY(looked_at > 100);
}

void TestExperimentForm::complaint_is_marked_where_it_is() {
  // What the experiment itself complains of is the specification here: each complaint must stand at its key,
  // in the form's own words.
  Experiment experiment("bp");
  experiment.set("calibration.when", std::string("epochs"));
  const auto complaints = experiment.complaints();
  QVERIFY(!complaints.empty());
  ExperimentForm form;
  form.set_plan({{experiment}, false});
  for (const auto& complaint : complaints) {
    const QString shown = form.editor(complaint.key)->shown_trouble();
    QVERIFY2(form.problems().contains(shown), qPrintable(shown));
    QVERIFY2(shown.contains(label_of_key(complaint.key), Qt::CaseInsensitive), qPrintable(shown));
    QVERIFY2(!shown.contains(QString::fromStdString(complaint.key)), qPrintable(shown));
  }
  form.set_plan(first_experiment());
  QVERIFY(form.problems().isEmpty());
  QVERIFY(form.editor(complaints.front().key)->shown_trouble().isEmpty());
}

void TestExperimentForm::a_complaint_stands_at_every_control_concerned() {
  Experiment experiment("grape");
  experiment.set("calibration.when", std::string("event"));
  experiment.set("calibration.low", 0.6);
  experiment.set("calibration.high", 0.4);
  ExperimentForm form;
  form.set_plan({{experiment}, false});
  const QString high = form.editor("calibration.high")->shown_trouble();
  QVERIFY(!high.isEmpty());
  QCOMPARE(form.editor("calibration.low")->shown_trouble(), high);
  QCOMPARE(in_form_words("set rule.align_rate, not e.g. this").left(4), QStringLiteral("Set "));
  QVERIFY(in_form_words("optimizer.lr=0: no").contains(label_of_key("optimizer.lr").toLower() + " 0: no"));
  QCOMPARE(in_form_words("see grapevine.db"), QStringLiteral("See grapevine.db"));
}

void TestExperimentForm::headings_say_the_racers_own_values() {
  // The first racer's rate is the form's own, the second has another one.
  ExperimentForm form;
  form.set_plan(
      make_plan("{\"optimizer\": {\"lr\": 0.02}, \"race\": [{\"rule\": {\"name\": \"bp\"}}, "
                "{\"rule\": {\"name\": \"dfa\"}, \"optimizer\": {\"lr\": 0.5}}]}",
                "test", {}));
  QStringList titles;
  for (const SettingsSection* section : form.race()->findChildren<SettingsSection*>())
    titles << section->title();
  QVERIFY2(titles.filter(QStringLiteral("BP")).value(0).contains(QStringLiteral("0.02")),
           qPrintable(titles.join('|')));
  QVERIFY2(titles.filter(QStringLiteral("DFA")).value(0).contains(QStringLiteral("0.5")),
           qPrintable(titles.join('|')));
}

void TestExperimentForm::no_form_is_wider_than_its_dock() {
  ExperimentForm form;
  form.set_plan(
      make_plan("{\"race\": [{\"rule\": {\"name\": \"bp\"}, \"optimizer\": {\"name\": \"sgd\", \"lr\": 30, "
                "\"momentum\": 0.5, \"weight_decay\": 0.001}}, {\"rule\": {\"name\": \"bp\"}, \"optimizer\": "
                "{\"name\": "
                "\"sgd\", \"lr\": 0.05}}, {\"rule\": {\"name\": \"dfa\"}}]}",
                "test", {}));
  form.resize(341, 700);  // a dock of the usual width
  form.show();
  QCoreApplication::processEvents();
  const auto* area = form.findChild<QScrollArea*>();
  QVERIFY2(area->widget()->width() <= area->viewport()->width(),
           qPrintable(QString::number(area->widget()->width())));
}

void TestExperimentForm::what_differs_from_the_default_is_bold() {
  ExperimentForm form;
  Experiment experiment("bp");
  experiment.set("train.epochs", std::int64_t{77});
  form.set_plan({{experiment}, false});
  const auto bold = [&](const char* key) {
    for (const QLabel* label : form.findChildren<QLabel*>())
      if (label->buddy() == form.editor(key)->control()) return label->font().bold();
    return false;
  };
  QVERIFY(bold("train.epochs"));
  QVERIFY(!bold("optimizer.clip"));
}

void TestExperimentForm::every_rule_has_a_family() {
  std::map<RuleFamily, QStringList> found;
  for (const RuleDescriptor& rule : rules()) found[family_of(rule)] << QString::fromStdString(rule.key);
  const std::map<RuleFamily, QStringList> expected{
      {RuleFamily::exact, {"bp"}},
      {RuleFamily::transport, {"fa", "kp"}},
      {RuleFamily::direct, {"dfa", "drtp"}},
      {RuleFamily::direct_learning, {"grape", "residual", "dkp", "fdfa", "grape2025"}},
      {RuleFamily::no_feedback, {"pepita", "ff"}}};
  for (const auto& [family, keys] : expected)
    for (const QString& key : keys) QVERIFY2(found[family].contains(key), qPrintable(key));
}

void TestExperimentForm::the_time_is_told_once_a_speed_is_known() {
  ExperimentDock dock([](const Experiment&) {
    CostEstimate cost;
    cost.parameters = 10;
    cost.step_flops = 1e6;
    return cost;
  });
  QTRY_VERIFY(dock.estimate_text().contains(QStringLiteral("parameters")));
  // A guess says that it is one.
  QVERIFY(!dock.estimate_text().contains(QStringLiteral("training at")));
  QVERIFY(dock.estimate_text().contains(QStringLiteral("a guess")));
  const ExperimentPlan plan = *dock.form()->plan();
  dock.learn_speed(make_plan("{}", "another one", {}), 1);
  QCOMPARE(dock.flops_per_second(), 0.0);
  dock.learn_speed(plan, 100);
  // Corrected while the run is in progress, without a touch of the form.
  QVERIFY(dock.estimate_text().contains(QStringLiteral("at the last run's speed")));
  // Twice the epochs at a hundred steps per second, by hand: Fashion-MNIST has 60,000 training images.
  const std::int64_t epochs = 2 * plan.racers.front().integer("train.epochs");
  const std::int64_t batch = plan.racers.front().integer("train.batch");
  auto* line = dock.form()->editor("train.epochs")->control()->findChild<QLineEdit*>();
  line->clear();
  QTest::keyClicks(line, QString::number(epochs));
  const auto steps = static_cast<double>(epochs * ((60000 + batch - 1) / batch));
  QTRY_VERIFY2(dock.estimate_text().contains(duration_text(steps / 100)), qPrintable(dock.estimate_text()));
}

void TestExperimentForm::seldom_measuring_says_how_to_see_more() {
  ExperimentDock dock([](const Experiment&) {
    CostEstimate cost;
    cost.parameters = 10;
    cost.step_flops = 1e6;
    cost.probe_every = 525;
    return cost;
  });
  // By hand: before the first of 600 steps, at 525 and at the end.
  dock.form()->set_plan(make_plan(R"({"train": {"max_steps": 600}})", "", {}));
  QTRY_VERIFY2(dock.estimate_text().contains(QStringLiteral("measured every 525 steps, 3 times in this run")),
               qPrintable(dock.estimate_text()));
  QVERIFY(dock.estimate_text().contains(QStringLiteral("set Measures: every to see more")));
  dock.form()->set_plan(make_plan(R"({"train": {"max_steps": 600}, "probe": {"every": 525}})", "", {}));
  QTRY_VERIFY(!dock.estimate_text().contains(QStringLiteral("in this run")));
  dock.form()->set_plan(make_plan(R"({"train": {"max_steps": 60000, "epochs": 200}})", "", {}));
  QTRY_VERIFY(dock.estimate_text().contains(QStringLiteral("measured every 525 steps \u00b7")));
}

void TestExperimentForm::wrong_text_blocks_the_plan() {
  ExperimentForm form;
  auto* line = form.editor("optimizer.lr")->control()->findChild<QLineEdit*>();
  line->clear();
  QTest::keyClicks(line, QStringLiteral("fast"));
  QVERIFY(!form.plan());
  QCOMPARE(form.problems().size(), 1);
  QVERIFY(form.problems().front().contains(QStringLiteral("fast")));
}

void TestExperimentForm::no_rule_is_a_problem() {
  ExperimentForm form;
  form.set_plan(race_of({"bp"}));
  form.race()->choose("bp", false);
  QVERIFY(!form.plan());
  QCOMPARE(form.problems().size(), 1);
}

void TestExperimentForm::running_leaves_live_settings() {
  ExperimentForm form;
  form.set_running(true);
  for (const Setting& setting : experiment_settings()) {
    if (setting.key == "rule.name") continue;
    QVERIFY2(form.editor(setting.key)->isEnabled() == setting.live, setting.key.c_str());
  }
  QVERIFY(!form.findChild<QCheckBox*>(QStringLiteral("rule.name=bp"))->isEnabled());
  form.set_running(false);
  QVERIFY(form.editor("seed")->isEnabled());
}

void TestExperimentForm::live_edit_becomes_a_command() {
  ExperimentForm form;
  form.set_plan(race_of({"bp", "grape"}));
  QSignalSpy live(&form, &ExperimentForm::live_edited);
  const auto type = [](SettingEditor* editor, const QString& text) {
    auto* line = editor->control()->findChild<QLineEdit*>();
    line->clear();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
  };
  type(form.editor("optimizer.lr"), QStringLiteral("0.01"));
  QCOMPARE(live.count(), 0);  // no run is in progress
  form.set_running(true);
  type(form.editor("optimizer.lr"), QStringLiteral("0.02"));
  QCOMPARE(live.count(), 1);
  QCOMPARE(live[0], (QVariantList{QStringLiteral("optimizer.lr"), QStringLiteral("0.02"), -1}));
  type(form.editor("optimizer.lr"), QStringLiteral("-1"));
  QCOMPARE(live.count(), 1);  // no value, no command
  SettingEditor* rate = form.editor("rule.align_rate", 1);
  QVERIFY(rate->setting().live);
  type(rate, QStringLiteral("0.125"));
  QCOMPARE(live.count(), 2);
  QCOMPARE(live[1], (QVariantList{QStringLiteral("rule.align_rate"), QStringLiteral("0.125"), 1}));
}

void TestExperimentForm::search_narrows() {
  ExperimentForm form;
  form.resize(400, 2000);
  form.show();
  auto* search = form.findChild<QLineEdit*>();
  search->setText(QStringLiteral("weight decay"));
  QVERIFY(form.editor("optimizer.weight_decay")->isVisible());
  QVERIFY(!form.editor("optimizer.lr")->isVisible());
  QVERIFY(!form.editor("seed")->isVisible());
  search->clear();
  QVERIFY(form.editor("optimizer.lr")->isVisible());
}

QTEST_MAIN(TestExperimentForm)
#include "test_experiment_form.moc"
