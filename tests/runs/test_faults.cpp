// A short run while SQLite's file layer fails at the n-th call, for every n: an I/O error, no space, a short
// write, an interruption, a lock. Nothing crashes; what was accepted is in the database or in a side file,
// and a refusal names the file. GRAPEVINE_FAULTS=all tries every n (make soak), otherwise every eleventh.
#include <QtTest>
#include <filesystem>

#include "engine/runs/side_file.h"
#include "tests/runs/faulty_vfs.h"
#include "tests/runs/support.h"

using namespace grapevine;
using faulty_vfs::Fault;

class TestRunFaults : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { faulty_vfs::install(); }
  void one_call_fails_data() { kinds(); }
  void one_call_fails();
  void all_later_calls_fail_data() { kinds(); }
  void all_later_calls_fail();

 private:
  static void kinds() {
    QTest::addColumn<int>("kind");
    QTest::newRow("I/O error") << static_cast<int>(Fault::io_error);
    QTest::newRow("no space") << static_cast<int>(Fault::no_space);
    QTest::newRow("short write") << static_cast<int>(Fault::short_write);
    QTest::newRow("interrupted") << static_cast<int>(Fault::interrupted);
    QTest::newRow("locked") << static_cast<int>(Fault::locked);
  }
};

namespace {

constexpr std::int64_t steps = 30;

struct Outcome {
  bool accepted = false, whole = false;
  std::string words;
  int calls = 0;
};

Outcome short_run(const std::string& database, int n, Fault kind, bool for_good) {
  Outcome outcome;
  faulty_vfs::arm(n, kind, for_good);
  try {
    RunWriter writer(database, single());
    outcome.accepted = true;
    Observations news;
    for (std::int64_t step = 1; step <= steps; ++step)
      news.samples.push_back(sample(0, "loss", 0, step, 0.5));
    news.events = {event_of(0, 10, "epoch", "an epoch"), event_of(0, steps, "finished", "finished")};
    news.commands = {{5, "set", "optimizer.lr=0.5"}};
    news.checkpoints.push_back({{checkpoint_at(steps)}});
    news.states = {SessionState::running, SessionState::finished};
    news.step = steps;
    post(writer, news);
    writer.finish(RunStatus::finished, "");
    outcome.whole = writer.whole();
    outcome.words = writer.trouble();
  } catch (const Error& error) {
    outcome.words = error.what();
  }
  outcome.calls = faulty_vfs::disarm();
  return outcome;
}

int stride() {
  return qgetenv("GRAPEVINE_FAULTS") == "all" ? 1 : 11;
}

std::string counts(const std::string& database) {
  return ask(database,
             "SELECT (SELECT count(*) || ' ' || max(step) FROM samples) || ' ' || (SELECT count(*) FROM "
             "events) || ' ' || (SELECT count(*) FROM commands) || ' ' || (SELECT max(step) FROM "
             "checkpoints) || ' ' || (SELECT group_concat(status) FROM runs)");
}

constexpr const char* whole_run = "30 30 2 1 30 finished";

}  // namespace

void TestRunFaults::one_call_fails() {
  QFETCH(int, kind);
  int accepted = 0;
  for (int n = 1;; n += stride()) {
    const Folder folder;
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder.path("cache")));
    const std::string database = folder.database();
    const Outcome outcome = short_run(database, n, static_cast<Fault>(kind), false);
    const std::string where = "call " + std::to_string(n) + ": " + outcome.words;
    if (!outcome.accepted) {
      QVERIFY2(outcome.words.find(database) != std::string::npos, where.c_str());
    } else {
      ++accepted;
      QVERIFY2(outcome.whole, where.c_str());
      { RunEditor opened(database); }  // takes in what lies next to it
      QVERIFY2(counts(database) == whole_run, (where + " -> " + counts(database)).c_str());
      QCOMPARE(ask(database, "PRAGMA integrity_check"), std::string("ok"));
      QCOMPARE(RunReader(database).checkpoint({1}).racers[0].step, steps);
    }
    if (outcome.calls < n) break;  // none failed: all were tried
  }
  QVERIFY(accepted > 2);
}

/// A disk that refuses for good: what could not be kept anywhere is told, with the file's name.
void TestRunFaults::all_later_calls_fail() {
  QFETCH(int, kind);
  const int calls = [] {
    const Folder folder;
    return short_run(folder.database(), 1 << 30, Fault::io_error, false).calls;
  }();
  const int tries = stride() == 1 ? 40 : 3;
  for (int i = 1; i <= tries; ++i) {
    const Folder folder;
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder.path("cache")));
    const std::string database = folder.database();
    const Outcome outcome = short_run(database, calls * i / (tries + 1), static_cast<Fault>(kind), true);
    if (outcome.accepted && outcome.words.empty()) {
      QCOMPARE(counts(database), std::string(whole_run));
      continue;
    }
    QVERIFY2(outcome.words.find(database) != std::string::npos, outcome.words.c_str());
    QVERIFY(!outcome.whole || !outcome.words.empty());
    if (!outcome.accepted) continue;
    QCOMPARE(ask(database, "PRAGMA integrity_check"), std::string("ok"));
    QVERIFY(ask(database, "SELECT status FROM runs") != "finished" || counts(database) == whole_run);
  }
}

QTEST_GUILESS_MAIN(TestRunFaults)
#include "test_faults.moc"
