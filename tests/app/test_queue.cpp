// The queue in the terminal: filled, trained side by side, stopped, continued.
#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/app/terminal.h"

class TestQueue : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_waits_is_trained();
  void a_stopped_queue_goes_on();
  void what_is_stopped_before_its_first_step_waits_again();
  void a_stop_is_one_where_the_database_is_locked_too();
  void a_grid_is_laid_over_the_experiment_that_is_named();
  void a_database_that_goes_away_is_said_data();
  void a_database_that_goes_away_is_said();
  void wrong_words_are_told();
};

namespace {

QStringList states(const Terminal& terminal) {
  QStringList all;
  for (const QJsonValue& entry : terminal.run({"queue", "--json"}).json()["queue"_L1].toArray())
    all << entry["state"_L1].toString();
  return all;
}

}  // namespace

void TestQueue::what_waits_is_trained() {
  const Terminal terminal;
  QVERIFY(terminal.run({"queue"}).out.startsWith("Nothing waits."));
  const QString file = terminal.write("one.json", R"({"rule": {"name": "dfa"}})");
  const Outcome added = terminal.run(Terminal::small({"queue", "add", file, "--seeds", "2", "--json"}, 1));
  QVERIFY2(added.status == 0, qPrintable(added.err));
  QCOMPARE(added.json()["queued"_L1].toArray(), (QJsonArray{1, 2}));
  QCOMPARE(states(terminal), (QStringList{"waiting", "waiting"}));
  const Outcome trained = terminal.run({"queue", "run", "--jobs", "2"});
  QVERIFY2(trained.status == 0, qPrintable(trained.err));
  QCOMPARE(states(terminal), (QStringList{"done", "done"}));
  const QJsonArray runs = terminal.run({"list", "--json"}).json()["runs"_L1].toArray();
  QCOMPARE(runs.size(), 2);
  for (const QJsonValue& run : runs) QCOMPARE(run["status"_L1].toString(), QString("finished"));
}

void TestQueue::a_stopped_queue_goes_on() {
  const Terminal terminal;
  const QString file = terminal.write("one.json", R"({"rule": {"name": "dfa"}})");
  QCOMPARE(terminal.run(Terminal::small({"queue", "add", file}, 300)).status, 0);
  const auto process = terminal.start({"queue", "run"});
  const auto steps = [&] {
    if (!std::filesystem::exists(terminal.database().toStdString())) return 0;
    try {
      SQLite::Database file(terminal.database().toStdString(), SQLite::OPEN_READONLY, 5000);
      return file.execAndGet("SELECT coalesce(max(steps), 0) FROM runs").getInt();
    } catch (const SQLite::Exception&) {
      return 0;
    }
  };
  QTRY_VERIFY_WITH_TIMEOUT(steps() > 20, 60000);
  ::kill(static_cast<pid_t>(process->processId()), SIGINT);
  QCOMPARE(Terminal::end_of(*process).status, 130);
  QCOMPARE(states(terminal), QStringList{"waiting"});
  QCOMPARE(terminal.run({"queue", "run"}).status, 0);
  QCOMPARE(states(terminal), QStringList{"done"});
  // The same run, from its checkpoint.
  const QJsonArray runs = terminal.run({"list", "--json"}).json()["runs"_L1].toArray();
  QCOMPARE(runs.size(), 1);
  QCOMPARE(runs[0]["status"_L1].toString(), QString("finished"));
}

void TestQueue::what_is_stopped_before_its_first_step_waits_again() {
  const Terminal terminal;
  const QString file = terminal.write("one.json", R"({"rule": {"name": "dfa"}})");
  // So many images take seconds to paint.
  QCOMPARE(terminal
               .run({"queue", "add", file, "--seeds", "2", "--set", "data.name=shapes", "--set",
                     "data.train_limit=100000"})
               .status,
           0);
  // Where the processes that train have just been started, and where they prepare their data.
  for (const auto& [jobs, signal, later] :
       {std::tuple{"2", SIGINT, 0}, {"2", SIGINT, 300}, {"2", SIGTERM, 1000}, {"1", SIGINT, 1000}}) {
    const auto process = terminal.start({"queue", "run", "--jobs", jobs});
    QTRY_VERIFY_WITH_TIMEOUT(states(terminal).contains("running"), 60000);
    QTest::qWait(later);
    ::kill(static_cast<pid_t>(process->processId()), signal);
    const Outcome outcome = Terminal::end_of(*process);
    QCOMPARE(outcome.status, 130);
    QVERIFY2(!outcome.err.contains("failed"), qPrintable(outcome.err));
    QCOMPARE(states(terminal), (QStringList{"waiting", "waiting"}));
  }
}

void TestQueue::a_stop_is_one_where_the_database_is_locked_too() {
  const Terminal terminal;
  const QString file = terminal.write("one.json", R"({"rule": {"name": "dfa"}})");
  QCOMPARE(
      terminal.run({"queue", "add", file, "--set", "data.name=shapes", "--set", "data.train_limit=100000"})
          .status,
      0);
  const auto process = terminal.start({"queue", "run"});
  QTRY_VERIFY_WITH_TIMEOUT(states(terminal).contains("running"), 60000);
  {
    SQLite::Database other(terminal.database().toStdString(), SQLite::OPEN_READWRITE, 5000);
    other.exec("BEGIN IMMEDIATE");
    ::kill(static_cast<pid_t>(process->processId()), SIGINT);
    const Outcome outcome = Terminal::end_of(*process);
    QVERIFY2(outcome.status == 130, qPrintable(outcome.err));
  }
  // Nobody holds it any more: the next program trains it.
  const auto next = terminal.start({"queue", "run"});
  QTRY_VERIFY_WITH_TIMEOUT(states(terminal).contains("running"), 60000);
  ::kill(static_cast<pid_t>(next->processId()), SIGINT);
  QCOMPARE(Terminal::end_of(*next).status, 130);
  QCOMPARE(states(terminal), QStringList{"waiting"});
}

void TestQueue::a_database_that_goes_away_is_said_data() {
  QTest::addColumn<bool>("replaced");
  QTest::newRow("deleted") << false;
  QTest::newRow("replaced") << true;
}

/// Whether that is between two entries or within one.
void TestQueue::a_database_that_goes_away_is_said() {
  QFETCH(bool, replaced);
  namespace fs = std::filesystem;
  const Terminal terminal;
  const QString file = terminal.write("one.json", R"({"rule": {"name": "bp"}})"),
                other = terminal.path("other.db");
  QCOMPARE(terminal.run(Terminal::small({"train", "--quiet", "--db", other}, 1)).status, 0);
  QCOMPARE(terminal.run(Terminal::small({"queue", "add", file, "--seeds", "12"}, 100)).status, 0);
  const auto process = terminal.start({"queue", "run", "--jobs", "1"});
  const auto done = [&] {
    try {
      SQLite::Database queue(terminal.database().toStdString(), SQLite::OPEN_READONLY, 5000);
      return queue.execAndGet("SELECT count(*) FROM queue WHERE state = 'done'").getInt();
    } catch (const SQLite::Exception&) {
      return 0;
    }
  };
  QTRY_VERIFY_WITH_TIMEOUT(done() >= 1, 60000);
  const std::string database = terminal.database().toStdString();
  for (const char* ending : {"", "-wal", "-shm"}) fs::remove(database + ending);
  if (replaced) fs::rename(other.toStdString(), database);
  const Outcome outcome = Terminal::end_of(*process);
  QVERIFY2(outcome.status == 1, qPrintable(outcome.err));
  QVERIFY2(outcome.err.contains(" while the queue was running: "), qPrintable(outcome.err));
  QVERIFY2(outcome.err.contains(" done and "), qPrintable(outcome.err));
  if (!replaced) return;
  // The other database is as it was, and whole.
  const Outcome list = terminal.run({"list", "--json"});
  QVERIFY2(list.json()["runs"_L1].toArray().size() == 1, qPrintable(outcome.err + list.out + list.err));
  QVERIFY(states(terminal).isEmpty());
  SQLite::Database replacement(database, SQLite::OPEN_READONLY, 5000);
  QCOMPARE(replacement.execAndGet("PRAGMA integrity_check").getString(), std::string("ok"));
}

void TestQueue::a_grid_is_laid_over_the_experiment_that_is_named() {
  const Terminal terminal;
  const QString base =
      terminal.write("base.json", R"({"data": {"name": "shapes"}, "optimizer": {"lr": 0.5}})");
  const QString grid = terminal.write("grid.json", R"({"experiment": {"optimizer": {"lr": 0.1}},
                                                       "grid": {"rule.name": ["bp", "dfa"], "seed": [1, 2]}})");
  const Outcome over = terminal.run({"queue", "add", "--sweep", grid, base, "--json"});
  QVERIFY2(over.status == 0, qPrintable(over.err));
  QCOMPARE(over.json()["queued"_L1].toArray().size(), 4);
  SQLite::Database file(terminal.database().toStdString(), SQLite::OPEN_READONLY, 5000);
  SQLite::Statement plans(file, "SELECT plan FROM queue ORDER BY id");
  QStringList rules;
  while (plans.executeStep()) {
    const QJsonObject plan =
        QJsonDocument::fromJson(QByteArray::fromStdString(plans.getColumn(0).getString())).object();
    QCOMPARE(plan["optimizer"_L1]["lr"_L1].toDouble(), 0.5);
    QCOMPARE(plan["data"_L1]["name"_L1].toString(), QString("shapes"));
    rules << plan["rule"_L1]["name"_L1].toString();
  }
  QCOMPARE(rules, (QStringList{"bp", "bp", "dfa", "dfa"}));
  QCOMPARE(terminal.run({"queue", "add", "--sweep", grid, base, base}).status, 2);
}

void TestQueue::wrong_words_are_told() {
  const Terminal terminal;
  for (const QStringList& arguments : {QStringList{"queue", "dance"},
                                       {"queue", "add"},
                                       {"queue", "skip"},
                                       {"queue", "skip", "x"},
                                       {"queue", "first", "99"},
                                       {"queue", "add", "no-such-file.json"}}) {
    const Outcome outcome = terminal.run(arguments);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  }
}

QTEST_GUILESS_MAIN(TestQueue)
#include "test_queue.moc"
