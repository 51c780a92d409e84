// Programs that die without a word, and several that share a database. The test starts itself as those
// programs.
#include <signal.h>

#include <QCoreApplication>
#include <QProcess>
#include <QtTest>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <thread>

#include "engine/runs/lock_file.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestKill : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_was_committed_survives_and_is_interrupted();
  void the_reader_sees_it_before_anyone_marked_it();
  void a_killed_run_can_be_resumed();
  void programs_share_a_database();
  void a_lock_is_free_when_its_holder_is_gone();
  void a_lock_that_is_a_link_is_not_followed();
};

namespace {

/// In the child: a race that never ends by itself. Says "started", then the last step known to be committed.
int train(const std::string& database, const std::string& uuid) {
  StoredRace race = race_of_two();
  const std::string start = uuid.substr(0, uuid.size() - 1);
  race.uuids = {start + "1", start + "2"};
  race.group_uuid = uuid;
  RunWriter writer(database, race);
  std::cout << "started" << std::endl;
  for (std::int64_t step = 1;; ++step) {
    Observations news;
    news.samples = {sample(0, "loss", 0, step, 1), sample(1, "loss", 0, step, 1)};
    news.states = {SessionState::running};
    news.step = step;
    if (step % 10 == 0) news.checkpoints.push_back({{checkpoint_at(step), checkpoint_at(step)}});
    post(writer, news);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

class Program {
 public:
  Program(const std::string& database, const char* uuid) {
    process_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process_.start(QCoreApplication::applicationFilePath(),
                   {"--train", QString::fromStdString(database), uuid});
  }
  bool wait_until_started() {
    while (!process_.canReadLine()) {
      if (!process_.waitForReadyRead()) return false;
    }
    return process_.readLine() == "started\n";
  }
  void kill() {
    ::kill(static_cast<pid_t>(process_.processId()), SIGKILL);
    process_.waitForFinished();
  }

 private:
  QProcess process_;
};

constexpr const char* first = "10000000-0000-4000-8000-000000000000";
constexpr const char* second = "20000000-0000-4000-8000-000000000000";

std::int64_t committed(const std::string& database, const char* where = "1") {
  return std::stoll(ask(database, std::string("SELECT coalesce(max(step), 0) FROM samples WHERE ") + where));
}

}  // namespace

void TestKill::what_was_committed_survives_and_is_interrupted() {
  Folder folder;
  Program program(folder.database(), first);
  QVERIFY(program.wait_until_started());
  QTRY_VERIFY(committed(folder.database()) > 100);
  QCOMPARE(mark_interrupted(folder.database()), 0);  // its lock is held
  QCOMPARE(RunReader(folder.database()).list()[0].status.text(), std::string("running"));
  const std::int64_t before = committed(folder.database());
  program.kill();
  QVERIFY(committed(folder.database()) >= before);
  QCOMPARE(ask(folder.database(), "SELECT group_concat(status) FROM runs"), std::string("running,running"));
  QCOMPARE(mark_interrupted(folder.database()), 2);
  QCOMPARE(mark_interrupted(folder.database()), 0);
  QCOMPARE(ask(folder.database(), "SELECT group_concat(status) FROM runs"),
           std::string("interrupted,interrupted"));
  QCOMPARE(ask(folder.database(), "PRAGMA integrity_check"), std::string("ok"));
  // Both racers are there up to the same step, without holes.
  RunReader reader(folder.database());
  const RunData one = reader.load(1), other = reader.load(2);
  QVERIFY(one.find("loss")->step == other.find("loss")->step);
  QCOMPARE(static_cast<std::int64_t>(one.find("loss")->size()), one.find("loss")->step.back());
  QCOMPARE(one.step, one.find("loss")->step.back());
}

void TestKill::the_reader_sees_it_before_anyone_marked_it() {
  Folder folder;
  Program program(folder.database(), first);
  QVERIFY(program.wait_until_started());
  QTRY_VERIFY(committed(folder.database()) > 0);
  program.kill();
  RunReader reader(folder.database());
  QCOMPARE(reader.list()[0].status.text(), std::string("interrupted"));
  QCOMPARE(reader.summary(1).status.text(), std::string("interrupted"));
  QCOMPARE(reader.load(1).status.text(), std::string("interrupted"));
}

void TestKill::a_killed_run_can_be_resumed() {
  Folder folder;
  Program program(folder.database(), first);
  QVERIFY(program.wait_until_started());
  QTRY_VERIFY(ask(folder.database(), "SELECT count(*) > 0 FROM checkpoints") == "1");
  program.kill();
  RunReader reader(folder.database());
  QVERIFY(reader.list()[0].resumable);
  const std::int64_t step = reader.checkpoint({1, 2}).racers[0].step;
  QVERIFY(step > 0 && step % 10 == 0);
  RunWriter writer(folder.database(), resumed(race_of_two(), {1, 2}, step));
  QCOMPARE(committed(folder.database()), step);
  QCOMPARE(reader.list()[0].status.text(), std::string("running"));
  QCOMPARE(mark_interrupted(folder.database()), 0);
  writer.finish(RunStatus::stopped, "");
  QCOMPARE(reader.list()[0].status.text(), std::string("stopped"));
}

void TestKill::programs_share_a_database() {
  Folder folder;
  Program one(folder.database(), first), other(folder.database(), second);
  QVERIFY(one.wait_until_started());
  QVERIFY(other.wait_until_started());
  const char* of_other =
      "series IN (SELECT series.id FROM series JOIN runs ON runs.id = run WHERE group_uuid LIKE '2%')";
  QTRY_VERIFY(committed(folder.database(), of_other) > 0);
  one.kill();
  QCOMPARE(mark_interrupted(folder.database()), 2);
  QCOMPARE(
      ask(folder.database(), "SELECT group_concat(DISTINCT status) FROM runs WHERE group_uuid LIKE '2%'"),
      std::string("running"));
  const std::int64_t before = committed(folder.database(), of_other);
  QTRY_VERIFY(committed(folder.database(), of_other) > before);  // undisturbed by the other's death
  other.kill();
  QCOMPARE(mark_interrupted(folder.database()), 2);
}

void TestKill::a_lock_that_is_a_link_is_not_followed() {
  Folder folder;
  const std::string path = folder.path("locks/a.lock"), victim = folder.path("victim");
  std::filesystem::create_directory(folder.path("locks"));
  std::filesystem::create_symlink(victim, path);
  QVERIFY(!LockFile::is_held(path));
  std::string words;
  try {
    LockFile::take(path, std::chrono::milliseconds(0));
  } catch (const InputError& error) {
    words = error.what();
  }
  QVERIFY2(words.find("is a link") != std::string::npos, words.c_str());
  QVERIFY(!std::filesystem::exists(victim));
  QVERIFY(std::filesystem::is_symlink(path));
}

void TestKill::a_lock_is_free_when_its_holder_is_gone() {
  Folder folder;
  const std::string path = folder.path("locks/a.lock");
  QVERIFY(!LockFile::is_held(path));
  QVERIFY(!std::filesystem::exists(folder.path("locks")));  // asking makes nothing
  {
    const auto lock = LockFile::take(path, std::chrono::milliseconds(0));
    QVERIFY(lock.has_value());
    QVERIFY(LockFile::is_held(path));
    QVERIFY(!LockFile::take(path, std::chrono::milliseconds(20)).has_value());
  }
  QVERIFY(!LockFile::is_held(path));
  QVERIFY(!std::filesystem::exists(path));
  // However many try at once, never do two hold it.
  std::atomic<int> holders{0}, most{0}, turns{0};
  std::vector<std::thread> programs;
  for (int i = 0; i < 4; ++i) {
    programs.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const auto lock = LockFile::take(path, std::chrono::milliseconds(0));
        if (!lock) continue;
        const int now = ++holders;
        if (now > most) most = now;
        ++turns;
        std::this_thread::yield();
        --holders;
      }
    });
  }
  for (std::thread& program : programs) program.join();
  QCOMPARE(most.load(), 1);
  QVERIFY(turns > 0);
}

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--train") return train(argv[2], argv[3]);
  QCoreApplication application(argc, argv);
  TestKill test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_kill.moc"
