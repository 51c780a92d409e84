// Ends that nobody planned: Ctrl-C, a kill, live changes before it, two programs at once. What is resumed has
// the numbers of a run that was never stopped, bit for bit.
#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/app/cut_short.h"

class TestStopping : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ctrl_c_stores_a_stopped_run();
  void a_stop_before_the_first_step_stores_nothing();
  void a_command_that_stores_nothing_is_stopped_at_once();
  void a_killed_run_is_interrupted_and_resumes_to_the_same_numbers();
  void resuming_one_racer_resumes_its_race();
  void live_changes_are_carried_out_again();
  void a_run_in_use_cannot_be_resumed();
  void what_is_over_cannot_be_resumed();
  void a_study_says_how_far_it_is_and_hears_ctrl_c();
};

namespace {

// 10,000 epochs of ten steps: nobody waits for their end.
constexpr int long_run = 10000;

QString ask(const Terminal& terminal, const QString& sql) {
  SQLite::Database file(terminal.database().toStdString(), SQLite::OPEN_READWRITE, 5000);
  SQLite::Statement query(file, sql.toStdString());
  return query.executeStep() ? QString::fromStdString(query.getColumn(0).getString()) : QString();
}

/// Waits until run 1 has so many steps stored.
bool has_steps(const Terminal& terminal, int steps) {
  if (!std::filesystem::exists(terminal.database().toStdString())) return false;
  try {
    return ask(terminal, "SELECT coalesce(max(steps), 0) FROM runs").toInt() >= steps;
  } catch (const SQLite::Exception&) {
    return false;  // it is being made
  }
}

void stop(QProcess& process, int signal = SIGINT) {
  kill(static_cast<pid_t>(process.processId()), signal);
}

QStringList samples(const Terminal& terminal, int run) {
  return samples_of(terminal.run({"export", QString::number(run), "--format", "csv"}).out.toUtf8());
}

/// The arrays of a run's last checkpoint: weights, moments, feedback. What precedes them holds times.
QByteArray arrays(const Terminal& terminal, int run) {
  terminal.run({"export", QString::number(run), "-o", "last.checkpoint"});
  const QByteArray bytes = terminal.read("last.checkpoint");
  quint32 header = 0;
  memcpy(&header, bytes.constData() + 12, 4);
  const QJsonObject description = QJsonDocument::fromJson(bytes.mid(16, header)).object();
  const auto numbers = description["numbers"_L1].toArray().size() + 2;
  return bytes.mid(16 + static_cast<qsizetype>(header) + 8 * numbers);
}

QString status_of(const Terminal& terminal, int run) {
  return terminal.run({"show", QString::number(run), "--json"}).json()["status"_L1].toString();
}

}  // namespace

void TestStopping::ctrl_c_stores_a_stopped_run() {
  for (const int signal : {SIGINT, SIGTERM}) {
    const Terminal terminal;
    const auto process = terminal.start(Terminal::small({"train", "--json"}, long_run));
    QTRY_VERIFY_WITH_TIMEOUT(has_steps(terminal, 1), 60000);
    stop(*process, signal);
    const Outcome outcome = Terminal::end_of(*process);
    QCOMPARE(outcome.status, 130);
    QCOMPARE(outcome.json()["status"_L1].toString(), QString("stopped"));
    QVERIFY2(outcome.err.contains("grapevine-cli resume 1"), qPrintable(outcome.err));
    QCOMPARE(status_of(terminal, 1), QString("stopped"));
    // Everything told is stored.
    QCOMPARE(ask(terminal, "SELECT steps FROM runs").toInt(), outcome.json()["steps"_L1].toInt());
  }
}

void TestStopping::a_stop_before_the_first_step_stores_nothing() {
  const Terminal terminal;
  // So many images take seconds to paint, and the program hears signals before it begins.
  const auto process = terminal.start(
      {"train", "--json", "--set", "data.name=shapes", "--set", "data.train_limit=200000", "--threads", "1"});
  QVERIFY(process->waitForStarted());
  QTest::qWait(1500);
  stop(*process);
  const Outcome outcome = Terminal::end_of(*process);
  QCOMPARE(outcome.status, 130);
  QVERIFY(!outcome.json().isEmpty());
  QVERIFY(!std::filesystem::exists(terminal.database().toStdString()));
}

void TestStopping::a_command_that_stores_nothing_is_stopped_at_once() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train"}, 1)).status, 0);
  for (const int signal : {SIGINT, SIGTERM}) {
    // It counts without end.
    const auto process = terminal.start(
        {"query", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"});
    QVERIFY(process->waitForStarted());
    QTest::qWait(2000);
    stop(*process, signal);
    const Outcome outcome = Terminal::end_of(*process);
    QCOMPARE(outcome.status, 130);
    QCOMPARE(outcome.err, QString("grapevine-cli: stopped\n"));
  }
}

void TestStopping::a_killed_run_is_interrupted_and_resumes_to_the_same_numbers() {
  const CutShort killed = cut_short(
      150, SIGKILL,
      [](const Terminal&, int epochs) {
        return Terminal::small({"train", "--set", "checkpoint.every_seconds=0.05"}, epochs);
      },
      [](const Terminal& begun) {
        return has_steps(begun, 1) && ask(begun, "SELECT count(*) FROM checkpoints").toInt() > 0;
      });
  const Terminal& terminal = *killed.terminal;
  QCOMPARE(status_of(terminal, 1), QString("interrupted"));
  const Outcome resumed = terminal.run({"resume", "1", "--json"});
  QCOMPARE(resumed.status, 0);
  QCOMPARE(resumed.json()["epochs"_L1].toArray().size(), killed.epochs);  // the document covers the whole run
  QCOMPARE(terminal.run(killed.arguments).status, 0);
  const QStringList whole = samples(terminal, 2);
  QVERIFY(whole.size() > 1500);
  QCOMPARE(samples(terminal, 1), whole);
  QVERIFY(!arrays(terminal, 2).isEmpty());
  QVERIFY(arrays(terminal, 1) == arrays(terminal, 2));
}

void TestStopping::resuming_one_racer_resumes_its_race() {
  const CutShort stopped = cut_short(
      150, SIGINT,
      [](const Terminal&, int epochs) {
        return Terminal::small({"race"}, epochs) + QStringList{"--rules", "bp,grape"};
      },
      [](const Terminal& begun) { return has_steps(begun, 1); });
  const Terminal& terminal = *stopped.terminal;
  QCOMPARE(stopped.outcome.status, 130);
  const Outcome resumed = terminal.run({"resume", "2", "--json"});
  QCOMPARE(resumed.status, 0);
  QCOMPARE(resumed.json()["runs"_L1].toArray().size(), 2);
  QCOMPARE(terminal.run(stopped.arguments).status, 0);
  for (const int racer : {1, 2}) QCOMPARE(samples(terminal, racer), samples(terminal, racer + 2));
}

void TestStopping::live_changes_are_carried_out_again() {
  const Terminal terminal;
  const auto process = terminal.start(Terminal::small({"train"}, long_run));
  QTRY_VERIFY_WITH_TIMEOUT(has_steps(terminal, 1), 60000);
  stop(*process);
  QCOMPARE(Terminal::end_of(*process).status, 130);
  const int step = ask(terminal, "SELECT steps FROM runs").toInt();
  // A change that an earlier life of the run made 5 steps later; it ended before the next checkpoint.
  {
    SQLite::Database file(terminal.database().toStdString(), SQLite::OPEN_READWRITE, 5000);
    file.exec("INSERT INTO commands (run, step, command, value, replay) VALUES (1, " +
              std::to_string(step + 5) + ", 'set', 'optimizer.lr=1e30', 1)");
  }
  const Outcome resumed = terminal.run({"resume", "1", "--json"});
  // With such a rate the next losses are not finite: the change was carried out, and at its step.
  QCOMPARE(resumed.status, 1);
  QVERIFY2(resumed.json()["steps"_L1].toInt() > step + 5 && resumed.json()["steps"_L1].toInt() < step + 15,
           qPrintable(resumed.err));
  const QJsonArray events = resumed.json()["events"_L1].toArray();
  QCOMPARE(events[events.size() - 2]["kind"_L1].toString(), QString("setting"));
  QCOMPARE(events[events.size() - 2]["step"_L1].toInt(), step + 5);
}

void TestStopping::a_run_in_use_cannot_be_resumed() {
  const Terminal terminal;
  const auto process = terminal.start(Terminal::small({"train"}, long_run));
  QTRY_VERIFY_WITH_TIMEOUT(has_steps(terminal, 1), 60000);
  // Another program may list it and train with it meanwhile.
  QCOMPARE(status_of(terminal, 1), QString("running"));
  const Outcome refused = terminal.run({"resume", "1"});
  QCOMPARE(refused.status, 2);
  QVERIFY2(is_one_line(refused.err) && refused.err.contains("running in another program"),
           qPrintable(refused.err));
  QCOMPARE(terminal.run(Terminal::small({"train"}, 1)).status, 0);
  stop(*process);
  QCOMPARE(Terminal::end_of(*process).status, 130);
  QCOMPARE(status_of(terminal, 1), QString("stopped"));
  QCOMPARE(status_of(terminal, 2), QString("finished"));
}

void TestStopping::what_is_over_cannot_be_resumed() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train"}, 1)).status, 0);
  for (const QStringList& arguments : {QStringList{"resume", "1"},
                                       {"resume", "7"},
                                       {"resume", "1", "--seed", "2"},
                                       {"resume", "1", "--set", "a=b"}}) {
    const Outcome outcome = terminal.run(arguments);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  }
}

void TestStopping::a_study_says_how_far_it_is_and_hears_ctrl_c() {
  const Terminal terminal;
  const Outcome whole = terminal.run({"theory", "lemma_b2", "--draws", "2", "--progress", "--json"});
  QCOMPARE(whole.status, 0);
  QVERIFY2(whole.err.startsWith("progress: "), qPrintable(whole.err));
  QCOMPARE(whole.json()["rows"_L1].toArray().size(), 36);  // documents keep the columns' keys
  QVERIFY(whole.json()["rows"_L1].toArray().first().toObject().contains("violations"_L1));
  const auto process = terminal.start({"theory", "lemma_b2", "--draws", "1000000", "--progress"});
  QByteArray told;
  QTRY_VERIFY_WITH_TIMEOUT((told += process->readAllStandardError()).contains("progress: "), 60000);
  stop(*process);
  const Outcome stopped = Terminal::end_of(*process);
  QCOMPARE(stopped.status, 130);
  QVERIFY2(stopped.err.contains("stopped; nothing of a study is stored"), qPrintable(stopped.err));
}

QTEST_GUILESS_MAIN(TestStopping)
#include "test_stopping.moc"
