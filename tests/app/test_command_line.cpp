// What needs no engine: help, unknown words, listing and settings. Every mistake is one line and status 2.
#include <sys/resource.h>

#include "tests/app/terminal.h"

class TestCommandLine : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void version_and_help_succeed();
  void a_mistake_is_one_line_that_names_it_data();
  void a_mistake_is_one_line_that_names_it();
  void a_long_word_is_quoted_by_its_beginning();
  void an_engine_without_memory_is_told_as_such();
  void no_command_shows_the_help_as_a_mistake();
  void a_mistake_with_json_is_a_document();
  void any_mistake_with_json_is_a_document();
  void options_may_stand_before_the_command();
  void a_home_without_runs_has_an_empty_list();
  void settings_lists_every_key_with_its_default();
  void a_setting_is_found_by_group_rule_and_last_word();
  void data_sets_say_how_to_get_them();
};

void TestCommandLine::version_and_help_succeed() {
  const Terminal terminal;
  const Outcome version = terminal.run({"--version"});
  QCOMPARE(version.status, 0);
  QCOMPARE(version.out, QString("grapevine-cli " GRAPEVINE_VERSION "\n"));
  const Outcome help = terminal.run({"--help"});
  QCOMPARE(help.status, 0);
  for (const char* command : {"train", "race", "resume", "list", "show", "compare", "export", "verify",
                              "bench", "datasets", "settings", "doctor"}) {
    QVERIFY2(help.out.contains(QString("\n  %1 ").arg(command)), command);
    const Outcome own = terminal.run({command, "--help"});
    QCOMPARE(own.status, 0);
    QVERIFY2(own.out.contains("--db FILE") && own.err.isEmpty(), command);
  }
}

void TestCommandLine::a_mistake_is_one_line_that_names_it_data() {
  QTest::addColumn<QStringList>("arguments");
  QTest::addColumn<QStringList>("words");
  const auto row = [](const QStringList& arguments, const QStringList& words) {
    QTest::addRow("%s", qPrintable(arguments.join(' '))) << arguments << words;
  };
  row({"trian"}, {"'trian'", "did you mean train?"});
  row({"zzzzzzzz"}, {"'zzzzzzzz'", "train, race"});
  row({"train", "gone.run"}, {"gone.run can't be read: there is no such file"});
  row({"train", "./gone.json"}, {"./gone.json can't be read: there is no such file"});
  row({"train", "--sett", "a=b"}, {"'--sett'", "did you mean --set?"});
  row({"train", "--foobar"}, {"'--foobar'", "train --help"});
  row({"train", "--set"}, {"--set"});
  row({"train", "--set", "optimizer.lr"}, {"--set optimizer.lr", "KEY=VALUE"});
  row({"train", "--set", "optimizer.lrr=1"}, {"'optimizer.lrr'", "did you mean optimizer.lr?"});
  row({"train", "--set", "optimizer.learning_rate=1"}, {"did you mean optimizer.lr?"});
  row({"race", "--rule", "bp,dfa"}, {"'--rule'", "did you mean --rules?"});
  row({"train", "--rules", "bp"}, {"'--rules'", "--rules is an option of race"});
  row({"list", "--columns", "lr"}, {"'lr'", "did you mean optimizer.lr?"});
  row({"list", "--filter", "best_test_acuracy>0.8"}, {"did you mean best_test_accuracy?"});
  row({"list", "--sort", "best"}, {"did you mean best_test_accuracy?"});
  row({"train", "--lr", "0.1"}, {"'--lr'", "--set optimizer.lr=VALUE"});
  row({"train", "--learning-rate", "0.1"}, {"'--learning-rate'", "given as --set optimizer.lr=VALUE"});
  row({"train", "--batch-size", "8"}, {"'--batch-size'", "given as --set train.batch=VALUE"});
  row({"train", "--epochs=3"}, {"'--epochs'", "given as --set train.epochs=VALUE"});
  row({"train", "--device", "GPU"}, {"device=GPU", "did you mean cuda?"});
  row({"race", "--rules", "bp,"}, {"--rules", "a name is missing"});
  row({"race", "--rules", "bp, pb"}, {"'pb'"});
  row({"train", "--epochs=3"}, {"'--epochs'", "--set train.epochs=VALUE"});
  row({"train", "--rule", "dfa"}, {"'--rule'", "--set rule.name=VALUE"});
  row({"train", "--align-rate", "1"}, {"--set rule.align_rate=VALUE"});
  row({"train", "--set", "data.name=MNIST"}, {"data.name=MNIST", "did you mean mnist?"});
  row({"train", "--set", "rule.name=DFA"}, {"rule.name=DFA", "did you mean dfa?"});
  row({"train", "--set", "Optimizer.LR=1"}, {"did you mean optimizer.lr?"});
  row({"race", "--rules", "BP,GrAPE"}, {"'BP'", "did you mean bp?"});
  row({"train", "--set", "data.name=images"}, {"data.name=images", "set data.dir"});
  row({"train", "--seed", "-1"}, {"seed=-1", "at least 0"});
  row({"train", "--seed", "x"}, {"seed=x", "whole number"});
  row({"train", "--threads", "-1"}, {"threads=-1"});
  row({"train", "--threads", "5000"}, {"threads=5000", "at most 1024"});
  row({"train", "--device", "gpu"}, {"device=gpu", "cuda"});
  row({"train", "none.json"}, {"none.json"});
  row({"train", "."}, {". is a folder"});
  row({"train", "a.json", "b.json"}, {"b.json"});
  row({"race", "--rules", "bp,pb"}, {"'pb'", "bp, dfa"});
  row({"race", "--rules", "bp,dfa", "--set", "rule.name=bp"}, {"rule.name=bp"});
  row({"race", "--rules", "bp,dfa", "--set", "grape.align_rate=1"}, {"grape.align_rate=1", "no racer"});
  row({"race", "--rules", "bp,grape", "--set", "rule.align_rat=1"}, {"did you mean rule.align_rate?"});
  row({"train", "--set", "data.name=wikitext2"}, {"model.name=mlp", "takes images", "wikitext2 is text"});
  row({"resume"}, {"ID"});
  row({"resume", "1"}, {"no database"});
  row({"show", "1"}, {"no database"});
  row({"compare", "1"}, {"two"});
  row({"export", "1"}, {"--format"});
  row({"export", "1", "--format", "docx"}, {"'docx'", "csv, json"});
  row({"export", "1", "--format", "checkpoint"}, {"-o"});
  row({"export", "1", "--format", "csv", "--json"}, {"--json", "-o"});
  row({"verify"}, {"FILE"});
  row({"settings", "optimizer.lrr"}, {"'optimizer.lrr'", "did you mean optimizer.lr?"});
  row({"list", "extra"}, {"'extra'"});
  row({"bench", "--steps", "0"}, {"--steps"});
}

void TestCommandLine::a_mistake_is_one_line_that_names_it() {
  QFETCH(QStringList, arguments);
  QFETCH(QStringList, words);
  const Terminal terminal;
  const Outcome outcome = terminal.run(arguments);
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  for (const QString& word : words) QVERIFY2(outcome.err.contains(word), qPrintable(outcome.err));
  // Nothing was made on the way.
  QVERIFY(!std::filesystem::exists(terminal.database().toStdString()));
}

void TestCommandLine::a_long_word_is_quoted_by_its_beginning() {
  const Terminal terminal;
  const QString word(100000, 'q');
  for (const QStringList& arguments :
       {QStringList{word}, QStringList{"train", "--" + word}, QStringList{"list", "--limit", word},
        QStringList{"list", "--limit=" + word}, QStringList{"train", word},
        QStringList{"export", "1", "--format", word}}) {
    const Outcome wrong = terminal.run(arguments);
    QCOMPARE(wrong.status, 2);
    QVERIFY2(wrong.err.contains(word.left(50)), qPrintable(wrong.err.left(500)));
    QVERIFY2(wrong.err.size() < 1000, qPrintable(wrong.err.left(500)));
  }
}

void TestCommandLine::an_engine_without_memory_is_told_as_such() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  QSKIP("a sanitizer takes more address space than any limit leaves");
#endif
  QProcess process;
  process.setChildProcessModifier([] {
    const rlimit limit{307200000, 307200000};  // the program alone runs in it
    setrlimit(RLIMIT_AS, &limit);
  });
  process.start(GRAPEVINE_BIN_DIR "/grapevine-cli", {"verify", "/dev/null"});
  const Outcome outcome = Terminal::end_of(process);
  QCOMPARE(outcome.status, 1);
  QVERIFY2(outcome.err.contains("too little memory"), qPrintable(outcome.err));
  QVERIFY2(!outcome.err.contains("reinstall"), qPrintable(outcome.err));
}

void TestCommandLine::no_command_shows_the_help_as_a_mistake() {
  const Outcome outcome = Terminal().run({});
  QCOMPARE(outcome.status, 2);
  QVERIFY(outcome.out.isEmpty());
  QVERIFY(outcome.err.contains("Usage:") && outcome.err.contains("race"));
}

void TestCommandLine::a_mistake_with_json_is_a_document() {
  const Outcome outcome = Terminal().run({"train", "--json", "--seed", "-1"});
  QCOMPARE(outcome.status, 2);
  QVERIFY(outcome.json()["error"_L1].toString().contains("seed=-1"));
  QCOMPARE(outcome.json()["exit_status"_L1].toInt(), 2);
}

// Of words that can't be read too.
void TestCommandLine::any_mistake_with_json_is_a_document() {
  const Terminal terminal;
  for (const QStringList& words : {QStringList{"list", "--json", "--bogus"},
                                   {"show", "--json"},
                                   {"export", "--json"},
                                   {"frob", "--json"},
                                   {"list", "--limit", "abc", "--json"},
                                   {"list", "--json", "--db", ""}}) {
    const Outcome outcome = terminal.run(words);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.json()["exit_status"_L1].toInt() == 2, qPrintable(words.join(' ') + outcome.out));
    QVERIFY(outcome.err.contains(outcome.json()["error"_L1].toString()));
  }
}

void TestCommandLine::options_may_stand_before_the_command() {
  const Outcome outcome = Terminal().run({"--json", "--db", "a.db", "list"});
  QCOMPARE(outcome.status, 0);
  QCOMPARE(outcome.json()["runs"_L1].toArray().size(), 0);
}

void TestCommandLine::a_home_without_runs_has_an_empty_list() {
  const Terminal terminal;
  const Outcome text = terminal.run({"list"});
  QCOMPARE(text.status, 0);
  QVERIFY(text.out.contains(terminal.database()));
  QVERIFY(terminal.run({"list", "--json"}).json().contains("runs"));
  QVERIFY(!std::filesystem::exists(terminal.path("data").toStdString()));
}

void TestCommandLine::settings_lists_every_key_with_its_default() {
  const Terminal terminal;
  const Outcome json = terminal.run({"settings", "--json"});
  QCOMPARE(json.status, 0);
  QHash<QString, QJsonObject> all;
  for (const QJsonValue& entry : json.json()["settings"_L1].toArray()) {
    const QJsonObject setting = entry.toObject();
    for (const char* member : {"key", "type", "default", "allowed", "help", "live"})
      QVERIFY2(setting.contains(member), qPrintable(setting["key"_L1].toString()));
    const QString rule = setting["rule"_L1].toString();
    all[rule.isEmpty() ? setting["key"_L1].toString() : rule + setting["key"_L1].toString().mid(4)] = setting;
  }
  QCOMPARE(all["optimizer.lr"]["default"_L1].toDouble(), 1e-4);
  QCOMPARE(all["train.batch"]["default"_L1].toInt(), 128);
  QCOMPARE(all["grape.align_rate"]["default"_L1].toDouble(), 0.01);
  QCOMPARE(all["residual.align_rate"]["default"_L1].toDouble(), 0.3);
  const QString text = terminal.run({"settings"}).out;
  for (auto entry = all.cbegin(); entry != all.cend(); ++entry)
    QVERIFY2(text.contains("\n  " + entry.value()["key"_L1].toString() + " "), qPrintable(entry.key()));
}

void TestCommandLine::a_setting_is_found_by_group_rule_and_last_word() {
  const Terminal terminal;
  const auto keys = [&](const char* word) {
    QStringList found;
    for (const QJsonValue& entry : terminal.run({"settings", word, "--json"}).json()["settings"_L1].toArray())
      found += entry["key"_L1].toString() + entry["rule"_L1].toString();
    return found;
  };
  QCOMPARE(keys("optimizer.lr"), QStringList{"optimizer.lr"});
  QVERIFY(keys("optimizer").contains("optimizer.beta2") && !keys("optimizer").contains("train.batch"));
  QVERIFY(keys("residual").contains("rule.align_rateresidual") &&
          !keys("residual").contains("rule.align_rategrape"));
  QVERIFY(keys("align_rate").contains("rule.align_rategrape"));
  QCOMPARE(keys("grape.align_rate"), QStringList{"rule.align_rategrape"});
}

void TestCommandLine::data_sets_say_how_to_get_them() {
  const Outcome outcome = Terminal().run({"datasets", "--json"});
  QCOMPARE(outcome.status, 0);
  QHash<QString, QJsonObject> sets;
  for (const QJsonValue& entry : outcome.json()["datasets"_L1].toArray())
    sets[entry["name"_L1].toString()] = entry.toObject();
  QVERIFY(sets["shapes"_L1]["present"_L1].toBool());
  QVERIFY(!sets["cifar10"_L1]["present"_L1].toBool());  // in an empty home
  QVERIFY(sets["cifar10"_L1]["how_to_get"_L1].toString().contains("data.dir"));
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "test_command_line.moc"
