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
  void another_shell_is_refused();
};

void TestCompletion::bash_completes_data() {
  QTest::addColumn<QStringList>("words");
  QTest::addColumn<QString>("expected");  // one of the answers
  QTest::newRow("command") << QStringList{"tra"} << "train";
  QTest::newRow("option") << QStringList{"train", "--thr"} << "--threads";
  QTest::newRow("option after another's value") << QStringList{"--db", "x.db", "list", "--fil"} << "--filter";
  QTest::newRow("setting") << QStringList{"train", "--set", "optimizer.l"} << "optimizer.lr";
  QTest::newRow("rule") << QStringList{"race", "--rules", "gra"} << "grape2025";
  QTest::newRow("preset") << QStringList{"train", "table1-mnist-ml"} << "table1-mnist-mlp";
  QTest::newRow("word") << QStringList{"db", "mer"} << "merge";
  QTest::newRow("format") << QStringList{"export", "1", "--format", "tens"} << "tensorboard";
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

void TestCompletion::another_shell_is_refused() {
  const Outcome outcome = Terminal().run({"completion", "tcsh"});
  QCOMPARE(outcome.status, 2);
  QVERIFY(is_one_line(outcome.err));
}

QTEST_GUILESS_MAIN(TestCompletion)
#include "test_completion.moc"
