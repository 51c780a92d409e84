// Races in a file and on a command line: rules, lists of overrides, what racers share, their names.
#include <QtTest>

#include "tests/plans/plan_words.h"

using namespace grapevine;

class TestRacePlan : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void calibration_of_a_race_goes_to_its_direct_rules() {
    Overrides overrides;
    overrides.rules = {"bp", "dfa", "grape"};
    overrides.sets = {"calibration.when=epochs"};
    const ExperimentPlan plan = load_plan("", overrides);
    QCOMPARE(plan.racers[0].text("calibration.when"), std::string("never"));
    QCOMPARE(plan.racers[1].text("calibration.when"), std::string("epochs"));
    QCOMPARE(plan.racers[2].text("calibration.when"), std::string("epochs"));
    overrides.rules = {"bp", "fa"};
    QVERIFY_EXCEPTION_THROWN(load_plan("", overrides), InputError);
  }
  void rules_make_a_race();
  void an_unknown_rule_is_refused_with_those_that_are_known();
  void a_list_of_overrides_makes_a_race();
  void a_broken_race_list_is_refused_data();
  void a_broken_race_list_is_refused();
  void a_racer_with_another_rule_leaves_the_common_rules_settings();
  void a_rule_setting_goes_to_every_racer_that_has_it();
  void a_named_rules_setting_goes_to_that_rule_alone();
  void a_rule_setting_that_no_racer_has_is_refused();
  void what_racers_share_must_be_the_same();
  void the_rule_of_a_race_cannot_be_set();
  void labels_tell_racers_apart();
};

void TestRacePlan::rules_make_a_race() {
  const ExperimentPlan made = plan("{}", {"seed=9"}, {"bp", "dfa", "grape"});
  QVERIFY(made.is_race);
  QVERIFY(rules_of(made) == (Words{"bp", "dfa", "grape"}));
  for (const Experiment& racer : made.racers) QCOMPARE(racer.integer("seed"), std::int64_t{9});
  QVERIFY(plan("{}", {}, {"bp"}).is_race);
}

void TestRacePlan::an_unknown_rule_is_refused_with_those_that_are_known() {
  const std::string words = refused("{}", {}, {"bp", "pb"});
  QVERIFY2(has(words, "'pb'") && has(words, "bp, dfa"), words.c_str());
}

void TestRacePlan::a_list_of_overrides_makes_a_race() {
  const ExperimentPlan made = plan(R"({"seed": 2, "rule": {"name": "grape"}, "race":
      [{"rule": {"align_rate": 0.1}}, {"rule": {"align_rate": 0.2}}, {"rule": {"name": "bp"}}]})");
  QVERIFY(made.is_race);
  QVERIFY(rules_of(made) == (Words{"grape", "grape", "bp"}));
  QCOMPARE(made.racers[0].number("rule.align_rate"), 0.1);
  QCOMPARE(made.racers[1].number("rule.align_rate"), 0.2);
  QCOMPARE(made.racers[2].integer("seed"), std::int64_t{2});
}

void TestRacePlan::a_broken_race_list_is_refused_data() {
  QTest::addColumn<QByteArray>("document");
  QTest::newRow("no list") << QByteArray(R"({"race": {"rule": {"name": "bp"}}})");
  QTest::newRow("nobody in it") << QByteArray(R"({"race": []})");
  QTest::newRow("words in it") << QByteArray(R"({"race": ["bp", "dfa"]})");
  QTest::newRow("a race in a race") << QByteArray(R"({"race": [{"race": [{}]}]})");
}

void TestRacePlan::a_broken_race_list_is_refused() {
  QFETCH(QByteArray, document);
  const std::string words = refused(document.toStdString());
  QVERIFY2(has(words, "a.json") && has(words, "race"), words.c_str());
}

void TestRacePlan::a_racer_with_another_rule_leaves_the_common_rules_settings() {
  const ExperimentPlan made =
      plan(R"({"rule": {"name": "grape", "align_rate": 0.2, "trace": "per_layer"}})", {}, {"bp", "grape"});
  QVERIFY(!made.racers[0].has("rule.align_rate"));
  QCOMPARE(made.racers[1].number("rule.align_rate"), 0.2);
}

void TestRacePlan::a_rule_setting_goes_to_every_racer_that_has_it() {
  const ExperimentPlan made = plan("{}", {"rule.align_rate=0.25"}, {"bp", "grape", "residual"});
  QCOMPARE(made.racers[1].number("rule.align_rate"), 0.25);
  QCOMPARE(made.racers[2].number("rule.align_rate"), 0.25);
}

void TestRacePlan::a_named_rules_setting_goes_to_that_rule_alone() {
  const ExperimentPlan made = plan("{}", {"residual.align_rate=0.25"}, {"grape", "residual"});
  QCOMPARE(made.racers[0].number("rule.align_rate"), 0.01);
  QCOMPARE(made.racers[1].number("rule.align_rate"), 0.25);
  QVERIFY(has(refused("{}", {"dfa.init=uniform"}, {"bp", "grape"}), "no racer runs rule dfa"));
  QVERIFY(has(refused("{}", {"dfa.init=uniform"}), "the rule is grape, not dfa"));
}

void TestRacePlan::a_rule_setting_that_no_racer_has_is_refused() {
  const std::string words = refused("{}", {"rule.align_rat=0.1"}, {"bp", "grape"});
  QVERIFY2(has(words, "'rule.align_rat'") && has(words, "did you mean rule.align_rate?"), words.c_str());
  QVERIFY(has(refused("{}", {"optimizer.lrr=0.1"}, {"bp", "grape"}), "did you mean optimizer.lr?"));
  QVERIFY(!refused("{}", {"bp.align_rate=0.1"}, {"bp", "grape"}).empty());
}

void TestRacePlan::what_racers_share_must_be_the_same() {
  for (const char* setting :
       {R"("seed": 5)", R"("train": {"batch": 5})", R"("data": {"name": "shapes"})",
        R"("data": {"augment": ["flip"]})", R"("data": {"classes": 100})", R"("data": {"vocabulary": 500})",
        R"("data": {"context": 7})", R"("feedback_memory": 0.1)"}) {
    const std::string words = refused(R"({"race": [{}, {)" + std::string(setting) + "}]}");
    QVERIFY2(has(words, "a.json: ") && has(words, "differs between racers"), words.c_str());
  }
  QCOMPARE(refused(R"({"race": [{"optimizer": {"lr": 0.1}}, {}]})"), std::string());
}

void TestRacePlan::the_rule_of_a_race_cannot_be_set() {
  QVERIFY(has(refused("{}", {"rule.name=dfa"}, {"bp", "grape"}), "--set rule.name=dfa"));
  QCOMPARE(plan("{}", {"rule.name=dfa"}).racers.front().rule(), std::string("dfa"));
}

void TestRacePlan::labels_tell_racers_apart() {
  const ExperimentPlan made = plan(R"({"race": [{"rule": {"name": "bp"}}, {"rule": {"align_rate": 0.5}},
      {"rule": {"align_rate": 0.25}}]})");
  QVERIFY(racer_labels(made.racers) == (Words{"BP", "GrAPE (align_rate=0.5)", "GrAPE (align_rate=0.25)"}));
  QVERIFY(
      racer_labels(
          plan(
              R"({"race": [{"name": "slow", "rule": {"name": "bp"}}, {"name": "fast", "rule": {"name": "bp"}}]})")
              .racers) == (Words{"slow", "fast"}));
  QVERIFY(racer_labels(plan("{}", {}, {"bp", "dfa", "bp"}).racers) == (Words{"BP 1", "DFA", "BP 2"}));
}

QTEST_APPLESS_MAIN(TestRacePlan)
#include "test_race_plan.moc"
