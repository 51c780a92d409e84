// kill -9 at random moments of all that writes: train, race, sweep, resume, the migration of an old database.
// Afterwards the database is sound, what was finished is whole, and the rest is resumed to the numbers of a
// run that was never interrupted. GRAPEVINE_KILLS says how often (20; make soak: 100), GRAPEVINE_SEED which
// moments.
#include <QRandomGenerator>
#include <cstdlib>

#include "tests/app/terminal.h"
#include "tests/fixtures/old_files.h"
#include "tests/support/database_answer.h"

class TestKills : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void killed_at_any_moment();
  void cleanupTestCase();

 private:
  void kill_within(const QStringList& arguments, const Terminal& terminal);
  void carry_on(const Terminal& terminal, int run);
  void check_sound(const Terminal& terminal);
  void killed_train(const QStringList& arguments, int runs);
  void killed_sweep();
  void killed_resume();
  void killed_migration();

  QRandomGenerator moments_;
  QStringList train_, race_, sweep_;
  QList<QStringList> whole_train_, whole_race_, whole_sweep_;
  int resumed_ = 0, nothing_yet_ = 0, finished_ = 0;
};

namespace {

constexpr int epochs = 60;
constexpr const char* grid = R"({"grid": {"optimizer.lr": [0.01, 0.02]}})";

int number_from(const char* variable, int usual) {
  const QByteArray text = qgetenv(variable);
  return text.isEmpty() ? usual : text.toInt();
}

/// To a process that has ended nothing is sent: its number 0 would mean everybody of this group.
void strike(const QProcess& process, int signal) {
  if (const qint64 number = process.processId(); number > 0) kill(static_cast<pid_t>(number), signal);
}

bool has_ended(QProcess& process) {
  return process.state() == QProcess::NotRunning || process.waitForFinished(60000);
}

QStringList samples(const Terminal& terminal, int run) {
  return samples_of(terminal.run({"export", QString::number(run), "--format", "csv"}).out.toUtf8());
}

QList<QStringList> reference(const QStringList& arguments, int runs) {
  const Terminal terminal;
  terminal.write("grid.json", grid);
  if (terminal.run(arguments).status != 0) qFatal("the reference could not be trained");
  QList<QStringList> all;
  for (int run = 1; run <= runs; ++run) all += samples(terminal, run);
  return all;
}

}  // namespace

void TestKills::initTestCase() {
  const int seed = number_from("GRAPEVINE_SEED", 20250101);
  moments_.seed(static_cast<quint32>(seed));
  qInfo("GRAPEVINE_SEED=%d", seed);
  const QStringList often{"--set", "checkpoint.every_seconds=0.1"};
  train_ = Terminal::small({"train"}, epochs) + often;
  race_ = Terminal::small({"race", "--rules", "bp,dfa"}, epochs) + often;
  sweep_ = Terminal::small({"sweep", "grid.json"}, epochs / 2) + often;
  whole_train_ = reference(train_, 1);
  whole_race_ = reference(race_, 2);
  whole_sweep_ = reference(sweep_, 2);
}

void TestKills::killed_at_any_moment() {
  const int kills = number_from("GRAPEVINE_KILLS", 20);
  for (int i = 0; i < kills; ++i) {
    switch (i % 5) {
      case 0:
        killed_train(train_, 1);
        break;
      case 1:
        killed_train(race_, 2);
        break;
      case 2:
        killed_sweep();
        break;
      case 3:
        killed_resume();
        break;
      default:
        killed_migration();
    }
    if (QTest::currentTestFailed()) return;
  }
}

void TestKills::cleanupTestCase() {
  qInfo("%d runs resumed, %d had ended, %d had not begun", resumed_, finished_, nothing_yet_);
}

/// Up to a second before the first rows are there, up to two after them.
void TestKills::kill_within(const QStringList& arguments, const Terminal& terminal) {
  const auto process = terminal.start(arguments);
  QVERIFY(process->waitForStarted());
  if (moments_.bounded(4) == 0) {
    QTest::qWait(static_cast<int>(moments_.bounded(1000)));
  } else {
    const QString database = terminal.database();
    for (int i = 0; i < 3000 && process->state() == QProcess::Running; ++i) {
      if (ask(database, "SELECT count(*) FROM samples").toInt() > 0) break;
      QTest::qWait(10);
    }
    process->waitForFinished(static_cast<int>(moments_.bounded(2000)) + 1);
  }
  strike(*process, SIGKILL);
  QVERIFY(has_ended(*process));
}

void TestKills::check_sound(const Terminal& terminal) {
  const Outcome check = terminal.run({"db", "check"});
  QVERIFY2(check.status == 0, qPrintable(check.out + check.err));
}

/// To its end, where it isn't there yet.
void TestKills::carry_on(const Terminal& terminal, int run) {
  const Outcome shown = terminal.run({"show", QString::number(run), "--json"});
  const QString status = shown.json()["status"_L1].toString();
  if (status == "finished") {
    ++finished_;  // whole: its weights are those of its last step
    QCOMPARE(ask(terminal.database(), qPrintable(QString("SELECT (SELECT max(step) FROM checkpoints WHERE "
                                                         "run = %1) = steps FROM runs WHERE id = %1")
                                                     .arg(run))),
             QString("1"));
    return;
  }
  // A resume that was killed before it took the run over leaves it as it was.
  QVERIFY2(status == "interrupted" || status == "stopped", qPrintable(status + shown.err));
  ++resumed_;
  const Outcome resumed = terminal.run({"resume", QString::number(run), "--json"});
  QVERIFY2(resumed.status == 0, qPrintable(resumed.err));
}

void TestKills::killed_train(const QStringList& arguments, int runs) {
  const Terminal terminal;
  kill_within(arguments, terminal);
  if (ask(terminal.database(), "SELECT count(*) FROM runs").toInt() == 0) {
    ++nothing_yet_;
    QCOMPARE(terminal.run(arguments).status, 0);  // nothing is in its way
  }
  check_sound(terminal);
  carry_on(terminal, 1);
  for (int run = 1; run <= runs; ++run)
    QVERIFY(samples(terminal, run) == (runs == 1 ? whole_train_ : whole_race_).at(run - 1));
}

void TestKills::killed_sweep() {
  const Terminal terminal;
  terminal.write("grid.json", grid);
  kill_within(sweep_, terminal);
  const Outcome again = terminal.run(sweep_);  // takes up what is left
  QVERIFY2(again.status == 0, qPrintable(again.err));
  ++resumed_;
  check_sound(terminal);
  for (const QStringList& cell : whole_sweep_) {
    int found = 0;
    const int runs = ask(terminal.database(), "SELECT max(id) FROM runs").toInt();
    for (int run = 1; run <= runs; ++run) found += samples(terminal, run) == cell ? 1 : 0;
    QVERIFY(found >= 1);
  }
}

void TestKills::killed_resume() {
  const Terminal terminal;
  const auto process = terminal.start(train_);
  QTRY_VERIFY_WITH_TIMEOUT(ask(terminal.database(), "SELECT max(steps) FROM runs").toInt() > 20, 60000);
  strike(*process, SIGINT);
  if (Terminal::end_of(*process).status == 0) return;  // the machine was faster
  kill_within({"resume", "1"}, terminal);
  check_sound(terminal);
  carry_on(terminal, 1);
  QVERIFY(samples(terminal, 1) == whole_train_.front());
}

void TestKills::killed_migration() {
  const Terminal terminal;
  QDir().mkpath(QFileInfo(terminal.database()).path());
  copy_old_files("0.1.0", QFileInfo(terminal.database()).path().toStdString());
  const QString before = ask(terminal.database(), "SELECT count(*) || ' ' || total(value) FROM samples");
  const auto process = terminal.start({"db", "vacuum"});  // opens for writing: the file is brought up to date
  QVERIFY(process->waitForStarted());
  QTest::qWait(static_cast<int>(moments_.bounded(80)));
  strike(*process, SIGKILL);
  QVERIFY(has_ended(*process));
  QCOMPARE(ask(terminal.database(), "SELECT count(*) || ' ' || total(value) FROM samples"), before);
  QCOMPARE(terminal.run({"db", "vacuum"}).status, 0);
  QCOMPARE(ask(terminal.database(), "SELECT count(*) || ' ' || total(value) FROM samples"), before);
  QCOMPARE(ask(terminal.database(), "PRAGMA integrity_check"), QString("ok"));
  ++finished_;
}

QTEST_GUILESS_MAIN(TestKills)
#include "test_kills.moc"
