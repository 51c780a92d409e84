// The scripts do what shells expect: bash runs ours; fish and zsh check theirs where they are installed.
#include <QRegularExpression>

#include "tests/app/terminal.h"

class TestCompletion : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bash_completes_data();
  void bash_completes();
  void other_shells_take_their_scripts_data();
  void other_shells_take_their_scripts();
  void every_command_and_option_is_in_each_script();
  void another_shell_is_refused();
};

void TestCompletion::bash_completes_data() {
  QTest::addColumn<QStringList>("words");
  QTest::addColumn<QString>("expected");  // one of the answers
  QTest::newRow("command") << QStringList{"tra"} << "train";
  QTest::newRow("option") << QStringList{"train", "--thr"} << "--threads";
  QTest::newRow("option after another's value") << QStringList{"--db", "x.db", "list", "--fil"} << "--filter";
  QTest::newRow("setting") << QStringList{"train", "--set", "optimizer.l"} << "optimizer.lr";
  QTest::newRow("value of a setting") << QStringList{"train", "--set", "rule.name=gra"} << "rule.name=grape";
  QTest::newRow("value of a data set's name")
      << QStringList{"train", "--set", "data.name=sha"} << "data.name=shapes";
  QTest::newRow("value, as bash splits it")
      << QStringList{"train", "--set", "optimizer.name", "=", "sg"} << "sgd";
  QTest::newRow("sort key") << QStringList{"list", "--sort", "best_test_ac"} << "best_test_accuracy";
  QTest::newRow("rule") << QStringList{"race", "--rules", "gra"} << "grape2025";
  QTest::newRow("preset") << QStringList{"train", "table1-mnist-ml"} << "table1-mnist-mlp";
  QTest::newRow("word") << QStringList{"db", "mer"} << "merge";
  QTest::newRow("format") << QStringList{"export", "1", "--format", "tens"} << "tensorboard";
  QTest::newRow("lesson") << QStringList{"lessons", "show", "dir"} << "direct";
  QTest::newRow("table of a paper") << QStringList{"paper", "fig"} << "figure3";
  QTest::newRow("runs that were deleted") << QStringList{"list", "--del"} << "--deleted";
  QTest::newRow("newest command") << QStringList{"res"} << "restore";
  QTest::newRow("file") << QStringList{"verify", "wor"} << "worked.json";
}

void TestCompletion::bash_completes() {
  QFETCH(QStringList, words);
  QFETCH(QString, expected);
  const Terminal terminal;
  terminal.write("worked.json", "{}");
  const Outcome script = terminal.run({"completion", "bash"});
  QCOMPARE(terminal.run({"completion", "bash", "--json"}).json()["script"_L1].toString(), script.out);
  QCOMPARE(script.status, 0);
  QString line = "COMP_WORDS=(grapevine-cli";
  for (const QString& word : words) line += " '" + word + "'";
  line += "); COMP_CWORD=" + QString::number(words.size()) +
          "; _grapevine_cli; printf '%s\\n' \"${COMPREPLY[@]}\"\n";
  QProcess bash;
  bash.setWorkingDirectory(terminal.path(""));
  bash.start("bash", {"--norc", "-c", script.out + line});
  QVERIFY(bash.waitForFinished());
  QCOMPARE(QString::fromUtf8(bash.readAllStandardError()), QString());
  const QStringList answers = QString::fromUtf8(bash.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
  QVERIFY2(answers.contains(expected), qPrintable(answers.join(' ')));
  for (const QString& answer : answers) QVERIFY2(answer.startsWith(words.last()), qPrintable(answer));
}

void TestCompletion::other_shells_take_their_scripts_data() {
  QTest::addColumn<QString>("shell");
  QTest::newRow("bash") << "bash";
  QTest::newRow("zsh") << "zsh";
  QTest::newRow("fish") << "fish";
}

void TestCompletion::other_shells_take_their_scripts() {
  QFETCH(QString, shell);
  const Terminal terminal;
  const Outcome script = terminal.run({"completion", shell});
  QCOMPARE(script.status, 0);
  QVERIFY(script.out.contains("train"));
  QProcess process;
  process.start(shell, {"-n", terminal.write("script", script.out.toUtf8())});
  if (!process.waitForStarted()) QSKIP(qPrintable(shell + " is not installed"));
  QVERIFY(process.waitForFinished());
  QCOMPARE(QString::fromUtf8(process.readAllStandardError()), QString());
  QCOMPARE(process.exitCode(), 0);
}

// By the help texts, which name what a command takes.
void TestCompletion::every_command_and_option_is_in_each_script() {
  const Terminal terminal;
  const QString bash = terminal.run({"completion", "bash"}).out,
                fish = terminal.run({"completion", "fish"}).out, help = terminal.run({"--help"}).out;
  static const QRegularExpression command_line("^  ([a-z]+) +\\S", QRegularExpression::MultilineOption),
      option_of_line("^  (?:-\\w,)?--([a-z-]+)\\b", QRegularExpression::MultilineOption);
  int commands = 0;
  for (auto each = command_line.globalMatch(help.mid(help.indexOf("Commands:"))); each.hasNext();
       ++commands) {
    const QString name = each.next().captured(1);
    const QString own = bash.section("\n    " + name + ")\n", 1).section("\n      ;;\n", 0, 0);
    QVERIFY2(!own.isEmpty() && fish.contains(" -a " + name + " -d "), qPrintable(name));
    const QString own_help = terminal.run({name, "--help"}).out;
    for (auto option = option_of_line.globalMatch(own_help); option.hasNext();) {
      const QString word = option.next().captured(1);
      QVERIFY2(own.contains("--" + word), qPrintable(name + " --" + word));
      QVERIFY2(word == "help" || QRegularExpression("seen_subcommand_from " + name + "'.* -l " + word + "\\b")
                                     .match(fish)
                                     .hasMatch(),
               qPrintable("fish: " + name + " --" + word));
    }
  }
  QVERIFY(commands >= 25);
}

void TestCompletion::another_shell_is_refused() {
  const Outcome outcome = Terminal().run({"completion", "tcsh"});
  QCOMPARE(outcome.status, 2);
  QVERIFY(is_one_line(outcome.err));
}

QTEST_GUILESS_MAIN(TestCompletion)
#include "test_completion.moc"
