// From a file and a command line to an experiment, and back to a file and a command line.
#include <QStringConverter>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "engine/experiment/shell_word.h"
#include "tests/plans/plan_words.h"

using namespace grapevine;

class TestPlan : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nothing_at_all_is_one_run_with_the_defaults();
  void comments_are_allowed();
  void broken_json_is_refused_with_its_place();
  void each_mistake_has_its_advice_data();
  void each_mistake_has_its_advice();
  void other_encodings_are_named_data();
  void other_encodings_are_named();
  void a_key_that_stands_twice_is_refused();
  void names_in_a_groups_place_show_the_group();
  void brackets_without_end_are_refused();
  void mistakes_in_a_file_name_the_file();
  void numbers_and_names_of_another_kind_are_refused();
  void dotted_keys_are_laid_over_nested_ones();
  void files_that_are_none_are_refused();
  void overrides_change_what_the_file_says();
  void a_set_without_a_value_is_refused();
  void a_missing_rule_is_refused();
  void what_is_no_experiment_is_told_what_it_is();
  void a_plan_comes_back_from_its_file();
  void the_command_line_says_the_same();
  void a_word_comes_back_from_the_shell();
};

void TestPlan::nothing_at_all_is_one_run_with_the_defaults() {
  const ExperimentPlan made = load_plan("", {});
  QVERIFY(!made.is_race);
  QCOMPARE(made.racers.size(), std::size_t{1});
  QVERIFY(made.racers.front() == Experiment());
}

void TestPlan::comments_are_allowed() {
  const ExperimentPlan made = plan("{ // a comment\n \"seed\": 3 /* another */ }");
  QCOMPARE(made.racers.front().integer("seed"), std::int64_t{3});
}

void TestPlan::broken_json_is_refused_with_its_place() {
  const std::string words = refused("{\"seed\": 1,\n  \"name\" 2}");
  // The 2 stands in line 2, column 10.
  QVERIFY2(has(words, "a.json: line 2, column 10"), words.c_str());
  QVERIFY(!refused("[1]").empty());
}

void TestPlan::each_mistake_has_its_advice_data() {
  QTest::addColumn<QByteArray>("document");
  QTest::addColumn<QByteArray>("place");
  QTest::addColumn<QByteArray>("advice");
  const auto row = [](const char* name, const char* document, const char* place, const char* advice) {
    QTest::newRow(name) << QByteArray(document) << QByteArray(place) << QByteArray(advice);
  };
  row("comma before a brace", "{\"seed\": 1,}", "column 12", "take out the comma");
  row("comma before a bracket", "{\"model\": {\"hidden\": [8, ]}}", "column 26", "take out the comma");
  row("single quotes", "{'seed': 1}", "column 2", "double quotes");
  row("a hash", "{\n# mine\n\"seed\": 1}", "line 2, column 1", "comments begin with //");
  row("NaN", "{\"optimizer\": {\"lr\": NaN}}", "line 1", "JSON has no NaN");
  row("minus infinity", "{\"optimizer\": {\"lr\": -Infinity}}", "line 1", "JSON has no -Infinity");
  row("Python's word", "{\"data\": {\"normalize\": True}}", "line 1", "write true in small letters");
  row("a bare word", "{\"data\": {\"name\": mnist}}", "line 1", "double quotes: \"mnist\"");
  row("a bare key", "{seed: 1}", "column 2", "double quotes: \"seed\"");
  row("YAML", "train:\n  epochs: 3\n", "line 1", "YAML");
  row("YAML with a line before it", "---\nseed: 1\n", "line 1", "YAML");
  row("no comma between members", "{\"seed\": 1 \"threads\": 1}", "line 1", "put a comma before this");
  row("an equals sign", "{\"seed\" = 1}", "column 9", "a colon");
  row("the end is missing", "{\"seed\": 1", "line 1", "is not closed");
  row("an open quote", "{\"name\": \"a\n}", "line", "a quote is not closed");
  row("two documents", "{} {}", "column 4", "a file holds one");
}

void TestPlan::each_mistake_has_its_advice() {
  QFETCH(QByteArray, document);
  QFETCH(QByteArray, place);
  QFETCH(QByteArray, advice);
  const std::string words = refused(document.toStdString());
  QVERIFY2(has(words, "a.json: line ") && has(words, place.toStdString()) && has(words, advice.toStdString()),
           words.c_str());
}

void TestPlan::other_encodings_are_named_data() {
  QTest::addColumn<QByteArray>("document");
  QTest::addColumn<QByteArray>("words");
  const QString text = QStringLiteral("{\"seed\": 1}");
  const auto row = [&](const char* name, QStringConverter::Encoding encoding, QStringConverter::Flags flags,
                       const char* words) {
    QStringEncoder encoder(encoding, flags);
    QTest::newRow(name) << QByteArray(encoder(text)) << QByteArray(words);
  };
  const auto mark = QStringConverter::Flag::WriteBom;
  row("UTF-16, little end first", QStringConverter::Utf16LE, mark, "the text is UTF-16");
  row("UTF-16, big end first", QStringConverter::Utf16BE, mark, "the text is UTF-16");
  row("UTF-16 without a mark", QStringConverter::Utf16LE, QStringConverter::Flag::Default, "UTF-16");
  row("UTF-32", QStringConverter::Utf32LE, mark, "the text is UTF-32");
  QTest::newRow("Latin-1") << QByteArray("{\n\"name\": \"caf\xe9\"}")
                           << QByteArray(
                                  "line 2, column 13: this byte is not UTF-8; the text seems to be Latin-1");
  QTest::newRow("what follows a zero byte")
      << QByteArray("{\"seed\": 1}\0{\"nosuch\": 1}", 24) << QByteArray("offset 11: a zero byte");
  QTest::newRow("bytes of a program") << QByteArray(
                                             "\x7f"
                                             "ELF\xff\x02")
                                      << QByteArray("offset 4");
}

void TestPlan::other_encodings_are_named() {
  QFETCH(QByteArray, document);
  QFETCH(QByteArray, words);
  const std::string said = refused(document.toStdString());
  QVERIFY2(has(said, "a.json: ") && has(said, words.toStdString()), said.c_str());
}

void TestPlan::what_is_no_experiment_is_told_what_it_is() {
  const auto said = [](const char* given) { return refusal([&] { load_plan(given, {}); }); };
  QVERIFY2(has(said("bp,dfa"), "--rules bp,dfa"), said("bp,dfa").c_str());
  QVERIFY2(has(said("grape"), "--set rule.name=grape"), said("grape").c_str());
  QVERIFY2(has(said("bp,nosuch"), "no preset"), said("bp,nosuch").c_str());
  QVERIFY2(has(said("./mine.npz"), "--set data.dir=./mine.npz"), said("./mine.npz").c_str());
}

// A hundred thousand levels would use up the stack of whatever walks them.
void TestPlan::brackets_without_end_are_refused() {
  const std::string open(100000, '['), close(100000, ']');
  const std::string file = refusal([&] { make_plan("{\"train\": " + open + close + "}", "a.json", {}); });
  QVERIFY2(has(file, "a.json") && has(file, "deep"), file.c_str());
  for (const char* key : {"model.segments", "model.hidden", "data.augment"})
    for (const char* quote : {"", "\""}) {
      const std::string set = std::string(key) + "=" + quote + open + close + quote;
      const std::string setting = refusal([&] { make_plan("", "", {{set}, {}}); });
      QVERIFY2(has(setting, key) && has(setting, "is not allowed") && setting.size() < 500, setting.c_str());
    }
}

void TestPlan::a_key_that_stands_twice_is_refused() {
  const std::string words = refused(R"({"train": {"epochs": 1}, "train": {"batch": 2}})");
  QVERIFY2(has(words, "a.json") && has(words, "\"train\"") && has(words, "twice"), words.c_str());
  // Also where one of the two is dotted, at any depth.
  for (const char* document : {"{\"data\": {\"name\": \"shapes\"}, \"data.name\": \"mnist\"}",
                               "{\"race\": [{\"optimizer.lr\": 1, \"optimizer\": {\"lr\": 2}}]}",
                               "{\"rule\": \"dfa\", \"rule.name\": \"bp\"}"}) {
    const std::string said = refused(document);
    QVERIFY2(has(said, "a.json: ") && has(said, "appears twice"), said.c_str());
  }
  QCOMPARE(refused("{\"data\": {\"name\": \"shapes\"}, \"data.train_limit\": 64}"), std::string());
  // In different objects it is another key.
  QCOMPARE(refused(R"({"race": [{"rule": {"name": "bp"}}, {"rule": {"name": "dfa"}}]})"), std::string());
}

void TestPlan::names_in_a_groups_place_show_the_group() {
  QVERIFY(has(refused("{\"rule\": \"dfa\"}"), "as {\"rule\": {\"name\": \"dfa\"}}"));
  QVERIFY(has(refused("{\"race\": [\"fa\"]}"), "as {\"rule\": {\"name\": \"fa\"}}"));
  QVERIFY(has(refused("{}", {"rule=dfa"}), "did you mean rule.name?"));
  QVERIFY(has(refused("{}", {"learning_rate=1"}), "did you mean optimizer.lr?"));
}

void TestPlan::mistakes_in_a_file_name_the_file() {
  const std::string words = refused(R"({"train": {"epochs": 0}})");
  QVERIFY2(has(words, "a.json: train.epochs=0 is not allowed"), words.c_str());
}

void TestPlan::numbers_and_names_of_another_kind_are_refused() {
  for (const char* document :
       {R"({"optimizer": {"lr": 1e400}})", R"({"race": [{"rule": {"name": 3}}]})",
        R"({"rule": {"name": 5}, "race": [{"rule": {"name": "bp"}}, {}]})", R"({"rule": {"name": null}})"}) {
    const std::string words = refused(document);
    QVERIFY2(has(words, "a.json: "), document);
  }
}

void TestPlan::dotted_keys_are_laid_over_nested_ones() {
  const ExperimentPlan made = plan(R"({"rule": {"name": "grape", "align_rate": 0.1}, "optimizer.lr": 0.5,
      "race": [{"rule.name": "bp"}, {"rule.align_rate": 0.2, "optimizer": {"lr": 0.25}}]})");
  QVERIFY(rules_of(made) == (Words{"bp", "grape"}));
  QCOMPARE(made.racers[0].number("optimizer.lr"), 0.5);
  QCOMPARE(made.racers[1].number("optimizer.lr"), 0.25);
  QCOMPARE(made.racers[1].number("rule.align_rate"), 0.2);
}

void TestPlan::files_that_are_none_are_refused() {
  const QTemporaryDir folder;
  const std::string here = folder.path().toStdString(), empty = here + "/empty.json";
  std::ofstream(empty) << " \n";
  QVERIFY(has(refusal([&] { load_plan(here, {}); }), here + " is a folder"));
  QVERIFY(has(refusal([&] { load_plan(empty, {}); }), empty + " is empty"));
  QVERIFY(has(refusal([&] { load_plan(here + "/none.json", {}); }), here + "/none.json"));
}

void TestPlan::overrides_change_what_the_file_says() {
  const ExperimentPlan made =
      plan(R"({"seed": 3, "optimizer": {"lr": 0.5}})", {"seed=4", "model.hidden=1,2", "seed=5"});
  QCOMPARE(made.racers.front().integer("seed"), std::int64_t{5});  // the last one counts
  QCOMPARE(made.racers.front().number("optimizer.lr"), 0.5);
  QVERIFY(made.racers.front().integers("model.hidden") == (IntegerList{1, 2}));
}

void TestPlan::a_set_without_a_value_is_refused() {
  QVERIFY(has(refused("{}", {"optimizer.lr"}), "--set optimizer.lr: expected KEY=VALUE"));
  QVERIFY(has(refused("{}", {"=3"}), "expected KEY=VALUE"));
}

void TestPlan::a_missing_rule_is_refused() {
  QVERIFY(has(refused("{}", {}, {"bp", ""}), "--rules: a name is missing"));
}

void TestPlan::a_plan_comes_back_from_its_file() {
  for (
      const ExperimentPlan& made :
      {plan("{}", {"seed=3"}), first_experiment(),
       plan(
           R"({"race": [{"rule": {"align_rate": 0.5}}, {"optimizer": {"lr": 2}}, {"rule": {"name": "bp"}}]})")}) {
    const ExperimentPlan back = plan(plan_to_json(made).dump());
    QCOMPARE(back.is_race, made.is_race);
    QVERIFY(back.racers == made.racers);
  }
}

void TestPlan::the_command_line_says_the_same() {
  QCOMPARE(plan_to_command(plan("{}", {"seed=3", "name=two words"})),
           std::string("grapevine-cli train --set 'name=two words' --set seed=3"));
  QCOMPARE(plan_to_command(plan("{}", {"seed=3", "residual.align_rate=0.5"}, {"bp", "residual"})),
           std::string("grapevine-cli race --rules bp,residual --set seed=3 --set residual.align_rate=0.5"));
}

void TestPlan::a_word_comes_back_from_the_shell() {
  QCOMPARE(shell_quoted("a/b-c=1"), std::string("a/b-c=1"));
  QCOMPARE(shell_quoted(""), std::string("''"));
  QCOMPARE(shell_quoted("it's $HOME"), std::string("'it'\\''s $HOME'"));
}

QTEST_APPLESS_MAIN(TestPlan)
#include "test_plan.moc"
