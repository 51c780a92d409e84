// Values as people write them: each kind read, refused with key, value and what is allowed, and written back.
#include <QtTest>
#include <map>
#include <set>

#include "engine/experiment/other_names.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "tests/support/refusal.h"

using namespace grapevine;

class TestSettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_kind_reads_its_words_data();
  void each_kind_reads_its_words();
  void what_is_not_allowed_is_refused_data();
  void what_is_not_allowed_is_refused();
  void every_default_is_allowed_and_reads_back();
  void numbers_are_written_in_the_shortest_form_that_reads_back();
  void what_is_allowed_is_said_in_words();
  void words_of_other_programs_mean_settings();
  void a_misspelt_key_finds_the_nearest();
  void a_rules_settings_are_known_for_that_rule_only();
  void keys_are_unique();
  void a_race_shares_its_data_and_its_length();
  void machine_settings_change_no_numbers();
  void a_fork_changes_neither_network_nor_batches();
  void choices_have_names();
  void every_setting_stands_in_a_group();
  void labels_read_well_data();
  void labels_read_well();
};

namespace {

Setting made(Kind kind, double low, double high) {
  Setting setting;
  setting.key = "a.key";
  setting.kind = kind;
  setting.low = low;
  setting.high = high;
  setting.choices = {"one", "two"};
  return setting;
}

/// Settings of every kind; numbers in [1, 10].
Setting of(Kind kind) {
  return made(kind, 1, 10);
}

}  // namespace

Q_DECLARE_METATYPE(grapevine::Kind)
Q_DECLARE_METATYPE(grapevine::Value)

void TestSettings::each_kind_reads_its_words_data() {
  QTest::addColumn<Kind>("kind");
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<Value>("value");
  const auto row = [](const char* text, Kind kind, Value value) {
    QTest::addRow("%d: %s", static_cast<int>(kind), text) << kind << QByteArray(text) << value;
  };
  for (const char* yes : {"true", "on", "yes", "1", "True", "TRUE"}) row(yes, Kind::boolean, true);
  for (const char* no : {"false", "off", "no", "0", "False"}) row(no, Kind::boolean, false);
  row("7", Kind::integer, std::int64_t{7});
  row("+7", Kind::integer, std::int64_t{7});
  row("1e1", Kind::integer, std::int64_t{10});
  row("2.0", Kind::integer, std::int64_t{2});
  row("1e0", Kind::number, 1.0);
  row("2.5", Kind::number, 2.5);
  row("10", Kind::number, 10.0);
  row("some text", Kind::text, std::string("some text"));
  row("\"quoted\"", Kind::text, std::string("quoted"));
  row("", Kind::text, std::string());
  row("two", Kind::choice, std::string("two"));
  row("\"two\"", Kind::choice, std::string("two"));
  row("1,2,3", Kind::integer_list, IntegerList{1, 2, 3});
  row("[1, 2, 3]", Kind::integer_list, IntegerList{1, 2, 3});
  row("4", Kind::integer_list, IntegerList{4});
  row("", Kind::integer_list, IntegerList{});
  row("[]", Kind::integer_list, IntegerList{});
  row("1,2.50,1e1", Kind::number_list, std::string("1,2.5,10"));
  row("[1, 1.5]", Kind::number_list, std::string("1,1.5"));
  row("", Kind::number_list, std::string());
  row("[]", Kind::number_list, std::string());
  row("one,two", Kind::text_list, TextList{"one", "two"});
  row("[\"one\", \"two\"]", Kind::text_list, TextList{"one", "two"});
  row("auto", Kind::integer_or_auto, std::string("auto"));
  row("AUTO", Kind::integer_or_auto, std::string("auto"));
  row("5", Kind::integer_or_auto, std::string("5"));
  row("0.25", Kind::count_or_share, 0.25);
  row("500", Kind::count_or_share, 500.0);
}

void TestSettings::each_kind_reads_its_words() {
  QFETCH(Kind, kind);
  QFETCH(QByteArray, text);
  QFETCH(Value, value);
  QVERIFY(parse_value(of(kind), text.toStdString()) == value);
}

void TestSettings::what_is_not_allowed_is_refused_data() {
  QTest::addColumn<Kind>("kind");
  QTest::addColumn<QByteArray>("text");
  const auto row = [](const char* text, Kind kind) {
    QTest::addRow("%d: %s", static_cast<int>(kind), text) << kind << QByteArray(text);
  };
  row("maybe", Kind::boolean);
  row("2", Kind::boolean);
  for (const char* bad : {"0", "11", "1.5", "x", "", "1x", "nan", "99999999999999999999"})
    row(bad, Kind::integer);
  for (const char* bad : {"0.99", "10.01", "nan", "inf", "-inf", "1,5", "", "1 000"}) row(bad, Kind::number);
  row("three", Kind::choice);
  row("One", Kind::choice);
  for (const char* bad : {"1,x", "0,5", "[1, 2", "{}", "1,,2", "1.5"}) row(bad, Kind::integer_list);
  for (const char* bad : {"1,x", "[1, 2", "{}", "1,,2", "nan", "inf", "1,0.5"}) row(bad, Kind::number_list);
  row("one,three", Kind::text_list);
  row("automatic", Kind::integer_or_auto);
  row("0", Kind::integer_or_auto);
  for (const char* bad : {"-1", "1.5", "-0.5", "nan", "x"}) row(bad, Kind::count_or_share);
  row("\xff\xfe", Kind::text);  // not UTF-8
}

void TestSettings::what_is_not_allowed_is_refused() {
  QFETCH(Kind, kind);
  QFETCH(QByteArray, text);
  const std::string words = refusal([&] { parse_value(of(kind), text.toStdString()); });
  QVERIFY2(has(words, "a.key") && has(words, "is not allowed: expected "), words.c_str());
  if (kind != Kind::text) QVERIFY2(has(words, of(kind).allowed()), words.c_str());
}

void TestSettings::every_default_is_allowed_and_reads_back() {
  const auto check = [](Setting setting) {
    check_value(setting, setting.fallback);
    const std::string text = to_text(setting.fallback);
    QVERIFY2(parse_value(setting, text) == setting.fallback, setting.key.c_str());
    QVERIFY2(!setting.help.empty(), setting.key.c_str());
  };
  for (const Setting& setting : experiment_settings()) check(setting);
  for (const RuleDescriptor& rule : rules())
    for (const Setting& setting : rule.settings) check(setting);
}

void TestSettings::numbers_are_written_in_the_shortest_form_that_reads_back() {
  QCOMPARE(to_text(Value(0.1)), std::string("0.1"));
  QCOMPARE(to_text(Value(1.0 / 3)), std::string("0.3333333333333333"));
  QCOMPARE(to_text(Value(true)), std::string("true"));
  QCOMPARE(to_text(Value(IntegerList{1, 2})), std::string("1,2"));
  for (const double number : {1e-4, 3e300, 2.2250738585072014e-308, 0.30000000000000004})
    QCOMPARE(std::stod(to_text(Value(number))), number);
}

void TestSettings::what_is_allowed_is_said_in_words() {
  QCOMPARE(of(Kind::integer).allowed(), std::string("a whole number of at least 1 and at most 10"));
  Setting open = of(Kind::number);
  open.open_low = open.open_high = true;
  QCOMPARE(open.allowed(), std::string("a number above 1 and below 10"));
  QCOMPARE(made(Kind::integer, 0, 1e6).allowed(),
           std::string("a whole number of at least 0 and at most 1000000"));
  QCOMPARE(of(Kind::choice).allowed(), std::string("one of one, two"));
}

// Every key that a word is said to mean is one.
void TestSettings::words_of_other_programs_mean_settings() {
  for (const char* word :
       {"steps", "iterations", "wd", "dataset", "datadir", "arch", "hidden_sizes", "scheduler", "num_threads",
        "random-seed", "gpu", "learning_rule", "num_epochs", "optimizer"}) {
    const std::string key = key_meant(word);
    QVERIFY2(find_setting(key, ""), word);
  }
  QCOMPARE(key_meant("zzz"), std::string());
  QCOMPARE(key_meant("--"), std::string());
}

void TestSettings::a_misspelt_key_finds_the_nearest() {
  QCOMPARE(nearest_key("optimizer.lrr", "bp"), std::string("optimizer.lr"));
  QCOMPARE(nearest_key("optimiser.lr", "bp"), std::string("optimizer.lr"));
  QCOMPARE(nearest_key("lr", "bp"), std::string("optimizer.lr"));
  QCOMPARE(nearest_key("rule.align_rat", "grape"), std::string("rule.align_rate"));
  QCOMPARE(nearest_key("Optimizer.LR", "bp"), std::string("optimizer.lr"));
  // What is megabytes long is near nothing. With every letter held against every key this takes minutes.
  QCOMPARE(nearest_key(std::string(50'000'000, 'x'), "bp"), std::string());
  // What other programs call it, or its group.
  for (const char* word : {"learning_rate", "Learning-Rate", "lr"})
    QCOMPARE(nearest_key(word, "bp"), std::string("optimizer.lr"));
  QCOMPARE(nearest_key("batch_size", "bp"), std::string("train.batch"));
  QCOMPARE(nearest_key("epochs", "bp"), std::string("train.epochs"));
  QCOMPARE(nearest_key("rule", "bp"), std::string("rule.name"));
  QCOMPARE(nearest_key("model", "bp"), std::string("model.name"));
  QCOMPARE(nearest_key("zzzzzzzzzzzzzzz", "bp"), std::string());
}

void TestSettings::a_rules_settings_are_known_for_that_rule_only() {
  QVERIFY(find_setting("rule.align_rate", "grape") != nullptr);
  QVERIFY(find_setting("rule.align_rate", "bp") == nullptr);
  QVERIFY(find_setting("optimizer.lr", "bp") != nullptr);
  QVERIFY(find_setting("align_rate", "grape") == nullptr);
}

void TestSettings::keys_are_unique() {
  std::set<std::string> seen;
  for (const Setting& setting : experiment_settings())
    QVERIFY2(seen.insert(setting.key).second, setting.key.c_str());
  for (const RuleDescriptor& rule : rules()) {
    std::set<std::string> own;
    for (const Setting& setting : rule.settings)
      QVERIFY2(own.insert(setting.key).second, setting.key.c_str());
  }
}

// What racers on the same weights and batches can't differ in.
void TestSettings::a_race_shares_its_data_and_its_length() {
  const std::set<std::string> others{
      "seed",        "device",       "threads",         "gpu_graphs",     "feedback_memory", "alerts",
      "train.batch", "train.epochs", "train.max_steps", "train.patience", "train.monitor"};
  for (const Setting& setting : experiment_settings())
    QVERIFY2((setting.scope != Scope::run) == (setting.key.starts_with("data.") || others.count(setting.key)),
             setting.key.c_str());
}

// With less memory for feedback a run doesn't start: that one is the race's, but no machine's.
void TestSettings::machine_settings_change_no_numbers() {
  const std::set<std::string> machine{"device", "threads", "gpu_graphs", "alerts"};
  for (const Setting& setting : experiment_settings())
    QVERIFY2((setting.scope == Scope::machine) == (machine.count(setting.key) > 0), setting.key.c_str());
}

// A fork continues with the same network on the same batches.
void TestSettings::a_fork_changes_neither_network_nor_batches() {
  const std::set<std::string> kept{"seed", "feedback_memory", "train.batch"};
  for (const Setting& setting : experiment_settings()) {
    const bool is_kept =
        setting.key.starts_with("data.") || setting.key.starts_with("model.") || kept.contains(setting.key);
    QVERIFY2(setting.may_change_in_fork() != is_kept, setting.key.c_str());
  }
  for (const RuleDescriptor& rule : rules())
    for (const Setting& setting : rule.settings)
      QVERIFY2(setting.may_change_in_fork(), (rule.key + " " + setting.key).c_str());
  QCOMPARE(changeable_in_forks(),
           std::string("name, device, threads, gpu_graphs, alerts, rule.*, optimizer.*, schedule.*, "
                       "train.epochs, train.max_steps, train.patience, train.monitor, checkpoint.*, "
                       "calibration.*, probe.*"));
}

void TestSettings::choices_have_names() {
  QCOMPARE(words_of_choice("optimizer.name", "adamw")->name, std::string("AdamW"));
  QCOMPARE(words_of_choice("rule.feedback_optimizer", "sgd")->name, std::string("SGD"));
  QCOMPARE(words_of_choice("model.activation", "relu")->name, std::string("ReLU"));
  QVERIFY(!words_of_choice("model.activation", "tanh"));  // the word itself
  QVERIFY(!words_of_choice("no.setting", "tanh"));
  for (const DataDescriptor& data : data_sets()) {
    QCOMPARE(words_of_choice("data.name", data.key)->name, data.name);
    QCOMPARE(words_of_choice("data.name", data.key)->help, data.help);
  }
  for (const ModelDescriptor& model : models())
    QCOMPARE(words_of_choice("model.name", model.key)->name, model.name);
  for (const RuleDescriptor& rule : rules())
    QCOMPARE(words_of_choice("rule.name", rule.key)->name, rule.name);
}

void TestSettings::every_setting_stands_in_a_group() {
  std::map<std::string, std::string> group_of;  // by what stands before the dot
  for (const Setting& setting : experiment_settings()) {
    QVERIFY2(!setting.help.empty() && !setting.group.empty(), setting.key.c_str());
    const std::size_t dot = setting.key.find('.');
    const std::string prefix = dot == std::string::npos ? "" : setting.key.substr(0, dot);
    QCOMPARE(group_of.try_emplace(prefix, setting.group).first->second, setting.group);
  }
}

void TestSettings::labels_read_well_data() {
  QTest::addColumn<QByteArray>("label");
  const auto row = [](const char* key, const char* label) { QTest::newRow(key) << QByteArray(label); };
  row("seed", "Seed");
  row("gpu_graphs", "GPU graphs");
  row("data.name", "Data set");
  row("data.dir", "Folder");
  row("model.name", "Architecture");
  row("model.init", "Initial values");
  row("model.d_ff", "Feed-forward width");
  row("optimizer.name", "Optimizer");
  row("optimizer.lr", "Learning rate");
  row("optimizer.weight_decay", "Weight decay");
  row("optimizer.beta1", "Beta 1");
  row("train.max_steps", "Maximum steps");
  row("checkpoint.every_seconds", "Checkpoint interval (s)");
  row("rule.align_rate", "Alignment rate");
  row("rule.jvp", "JVP");
}

void TestSettings::labels_read_well() {
  QFETCH(QByteArray, label);
  QCOMPARE(QByteArray::fromStdString(label_of(QTest::currentDataTag())), label);
}

QTEST_APPLESS_MAIN(TestSettings)
#include "test_settings.moc"
