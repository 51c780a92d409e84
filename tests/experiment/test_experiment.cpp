// One experiment: JSON both ways, strict about keys and types, and the defaults that the contract promises.
#include <QtTest>
#include <nlohmann/json.hpp>

#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "tests/support/refusal.h"

using namespace grapevine;
using Json = nlohmann::json;

class TestExperiment : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_defaults_are_the_contracts();
  void every_rule_goes_through_json_and_back();
  void dotted_and_nested_keys_are_the_same();
  void an_unknown_key_is_refused_with_the_nearest();
  void a_wrong_type_is_refused_data();
  void a_wrong_type_is_refused();
  void another_rule_brings_its_own_settings();
  void differences_repeat_the_experiment();
  void auto_stays_a_word_and_a_count_a_number();
  void a_rule_without_feedback_has_nothing_to_calibrate();
  void combinations_that_cannot_work_are_refused_data();
  void combinations_that_cannot_work_are_refused();
  void a_device_in_other_words_is_guessed();
};

void TestExperiment::the_defaults_are_the_contracts() {
  const Experiment plain;
  QCOMPARE(plain.rule(), std::string("grape"));
  QCOMPARE(plain.text("data.name"), std::string("fashion_mnist"));
  QCOMPARE(plain.text("model.name"), std::string("mlp"));
  QVERIFY(plain.integers("model.hidden") == (IntegerList{512, 512, 512}));
  QCOMPARE(plain.text("model.init"), std::string("uniform_fan_in"));
  QCOMPARE(plain.text("model.activation"), std::string("relu"));
  QVERIFY(plain.boolean("data.normalize"));
  QCOMPARE(plain.integer("seed"), std::int64_t{0});
  QCOMPARE(plain.text("device"), std::string("auto"));
  QCOMPARE(plain.text("optimizer.name"), std::string("adam"));
  QCOMPARE(plain.number("optimizer.lr"), 1e-4);
  QCOMPARE(plain.number("optimizer.momentum"), 0.9);
  QCOMPARE(plain.number("optimizer.beta1"), 0.9);
  QCOMPARE(plain.number("optimizer.beta2"), 0.999);
  QCOMPARE(plain.number("optimizer.weight_decay"), 0.0);
  QCOMPARE(plain.number("optimizer.clip"), 0.0);
  QCOMPARE(plain.text("schedule.name"), std::string("constant"));
  QCOMPARE(plain.integer("train.epochs"), std::int64_t{10});
  QCOMPARE(plain.integer("train.batch"), std::int64_t{128});
  QCOMPARE(plain.integer("train.max_steps"), std::int64_t{0});
  QCOMPARE(plain.number("checkpoint.every_seconds"), 30.0);
  QVERIFY(plain.is_auto("probe.every"));
  QCOMPARE(plain.integer("probe.batch"), std::int64_t{256});
  QCOMPARE(plain.number("rule.align_rate"), 0.01);
  QCOMPARE(plain.number("rule.align_momentum"), 0.9);
  QCOMPARE(plain.text("rule.trace"), std::string("shared"));
  QCOMPARE(plain.integer("rule.directions"), std::int64_t{1});
  QCOMPARE(plain.text("rule.distribution"), std::string("rademacher"));
  QCOMPARE(plain.text("rule.reduction"), std::string("sum"));
  QCOMPARE(plain.text("rule.norm"), std::string("column"));
  QCOMPARE(plain.text("rule.init"), std::string("normal"));
  QCOMPARE(Experiment("residual").number("rule.align_rate"), 0.3);
}

void TestExperiment::every_rule_goes_through_json_and_back() {
  for (const RuleDescriptor& rule : rules()) {
    Experiment experiment(rule.key);
    experiment.set_text("name", "Ünïcode \"quoted\"");
    experiment.set_text("model.hidden", "7,8");
    experiment.set_text("data.validation", "0.25");
    const Experiment back = Experiment::from_json(Json::parse(experiment.to_json().dump()));
    QVERIFY2(back == experiment, rule.key.c_str());
  }
}

void TestExperiment::dotted_and_nested_keys_are_the_same() {
  const Experiment nested = Experiment::from_json({{"optimizer", {{"lr", 0.5}}}});
  const Experiment dotted = Experiment::from_json({{"optimizer.lr", 0.5}});
  QVERIFY(nested == dotted);
  QCOMPARE(nested.number("optimizer.lr"), 0.5);
}

void TestExperiment::an_unknown_key_is_refused_with_the_nearest() {
  const std::string words = refusal([] { Experiment::from_json({{"optimizer", {{"lrr", 0.5}}}}); });
  QVERIFY2(has(words, "'optimizer.lrr'") && has(words, "did you mean optimizer.lr?"), words.c_str());
  const std::string other = refusal([] {
    Experiment::from_json({{"rule", {{"name", "bp"}, {"align_rate", 0.1}}}});
  });
  QVERIFY2(has(other, "rule.align_rate") && has(other, "bp"), other.c_str());
  // A message is a line: of a key without end it quotes the beginning.
  const std::string endless = refusal([] { Experiment::from_json({{std::string(1'000'000, 'k'), 1}}); });
  QVERIFY2(has(endless, "'kkkkk") && endless.size() < 200, endless.substr(0, 300).c_str());
}

void TestExperiment::a_wrong_type_is_refused_data() {
  QTest::addColumn<QByteArray>("json");
  QTest::addColumn<QByteArray>("key");
  QTest::newRow("a number in quotes")
      << QByteArray(R"({"optimizer": {"lr": "0.1"}})") << QByteArray("optimizer.lr=");
  QTest::newRow("a broken number") << QByteArray(R"({"train": {"epochs": 1.5}})")
                                   << QByteArray("train.epochs=1.5");
  QTest::newRow("a number for a word") << QByteArray(R"({"data": {"name": 3}})") << QByteArray("data.name=3");
  QTest::newRow("a word for a group") << QByteArray(R"({"rule": "dfa"})") << QByteArray("rule=");
  QTest::newRow("a number for a list")
      << QByteArray(R"({"model": {"hidden": 5}})") << QByteArray("model.hidden=5");
  QTest::newRow("words in a list of numbers")
      << QByteArray(R"({"model": {"hidden": ["5"]}})") << QByteArray("model.hidden=");
  QTest::newRow("a word for a switch")
      << QByteArray(R"({"data": {"normalize": "yes"}})") << QByteArray("data.normalize=");
  QTest::newRow("null") << QByteArray(R"({"seed": null})") << QByteArray("seed=null");
  QTest::newRow("too large for 64 bits")
      << QByteArray(R"({"model": {"hidden": [18446744073709551615]}})") << QByteArray("model.hidden=");
  QTest::newRow("an object for a value") << QByteArray(R"({"seed": {"a": 1}})") << QByteArray("seed.a");
}

void TestExperiment::a_wrong_type_is_refused() {
  QFETCH(QByteArray, json);
  QFETCH(QByteArray, key);
  const std::string words = refusal([&] { Experiment::from_json(Json::parse(json.toStdString())); });
  QVERIFY2(has(words, key.toStdString()), words.c_str());
}

void TestExperiment::another_rule_brings_its_own_settings() {
  Experiment experiment("grape");
  experiment.set_text("rule.align_rate", "0.5");
  experiment.set_text("rule.name", "residual");
  QCOMPARE(experiment.number("rule.align_rate"), 0.3);
  experiment.set_text("rule.name", "bp");
  QVERIFY(!experiment.has("rule.align_rate"));
}

void TestExperiment::differences_repeat_the_experiment() {
  Experiment experiment("residual");
  QVERIFY(experiment.differences() == std::vector<std::string>{"rule.name=residual"});
  experiment.set_text("name", "\"a\", with quotes");
  experiment.set_text("optimizer.lr", "0.003");
  experiment.set_text("model.hidden", "");
  experiment.set_text("rule.align_rate", "0.7");
  Experiment again;
  for (const std::string& difference : experiment.differences()) {
    const std::size_t equals = difference.find('=');
    again.set_text(difference.substr(0, equals), difference.substr(equals + 1));
  }
  QVERIFY(again == experiment);
}

void TestExperiment::auto_stays_a_word_and_a_count_a_number() {
  Experiment experiment;
  QVERIFY(experiment.to_json()["probe"]["every"] == "auto");
  experiment.set_text("probe.every", "25");
  QVERIFY(experiment.to_json()["probe"]["every"] == 25);
  QCOMPARE(experiment.integer("probe.every"), std::int64_t{25});
}

void TestExperiment::a_rule_without_feedback_has_nothing_to_calibrate() {
  Experiment experiment("bp");
  experiment.set_text("calibration.when", "epochs");
  const std::string words = refusal([&] { experiment.check(); });
  QVERIFY2(has(words, "calibration.when=epochs") && has(words, "bp"), words.c_str());
  experiment.set_text("rule.name", "dfa");
  experiment.check();
}

void TestExperiment::combinations_that_cannot_work_are_refused_data() {
  QTest::addColumn<QStringList>("sets");
  QTest::addColumn<QByteArray>("key");
  QTest::newRow("less than a record held out")
      << QStringList{"data.train_limit=64", "data.validation=0.001"} << QByteArray("data.validation");
  QTest::newRow("no data left") << QStringList{"data.validation=60000"} << QByteArray("data.validation");
  QTest::newRow("no data left of a part")
      << QStringList{"data.train_limit=100", "data.validation=100"} << QByteArray("data.validation");
  QTest::newRow("no milestones") << QStringList{"schedule.name=multistep"}
                                 << QByteArray("schedule.milestones");
  QTest::newRow("more orthogonal directions than features")
      << QStringList{"model.hidden=512,8", "rule.orthogonal=true", "rule.directions=9"}
      << QByteArray("rule.directions");
  QTest::newRow("no such device") << QStringList{"device=gpu"} << QByteArray("device");
  QTest::newRow("no blocks") << QStringList{"model.feedback_points=micro"}
                             << QByteArray("model.feedback_points");
  QTest::newRow("dropout where there is none")
      << QStringList{"data.name=cifar10", "model.name=resnet20", "model.dropout=0.5"}
      << QByteArray("model.dropout");
  QTest::newRow("orthogonal weights' tangents")
      << QStringList{"rule.orthogonal=true", "rule.space=smaller"} << QByteArray("rule.orthogonal");
  QTest::newRow("text for a model of images")
      << QStringList{"data.name=wikitext2"} << QByteArray("model.name");
}

void TestExperiment::combinations_that_cannot_work_are_refused() {
  QFETCH(QStringList, sets);
  QFETCH(QByteArray, key);
  Experiment experiment;
  experiment.check();
  for (const QString& set : sets)
    experiment.set_text(set.section('=', 0, 0).toStdString(), set.section('=', 1).toStdString());
  const auto complaints = experiment.complaints();
  QCOMPARE(complaints.size(), std::size_t{1});
  QCOMPARE(complaints.front().key, key.toStdString());
  QCOMPARE(refusal([&] { experiment.check(); }), complaints.front().message);
}

void TestExperiment::a_device_in_other_words_is_guessed() {
  for (const auto& [given, meant] : {std::pair("CUDA", "cuda"),
                                     {"gpu", "cuda"},
                                     {"gpu:1", "cuda:1"},
                                     {"CUDA1", "cuda:1"},
                                     {"Cpu", "cpu"},
                                     {"coda", "cuda"}}) {
    Experiment experiment;
    experiment.set("device", std::string(given));
    const std::string words = refusal([&] { experiment.check(); });
    QVERIFY2(has(words, std::string("; did you mean ") + meant + "?"), words.c_str());
  }
}

QTEST_APPLESS_MAIN(TestExperiment)
#include "test_experiment.moc"
