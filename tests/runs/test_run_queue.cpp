// The queue: turns, what outlives a program, and what a user changes.
#include <sys/wait.h>
#include <unistd.h>

#include <QtTest>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/runs/run_queue.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestRunQueue : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_first_comes_first();
  void nobody_takes_what_is_taken();
  void what_a_killed_program_left_waits_again();
  void what_a_killed_program_left_is_skipped_and_removed();
  void what_was_begun_goes_on();
  void users_skip_retry_remove_and_move();
  void an_old_database_gets_a_queue();
  void looking_changes_nothing();
  void a_lost_database_is_said_and_its_successor_left_alone_data();
  void a_lost_database_is_said_and_its_successor_left_alone();
  void a_copied_database_stays_the_queues_own();
};

namespace {

std::string this_host() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

QStringList states_of(RunQueue& queue) {
  QStringList states;
  for (const QueueEntry& entry : queue.list())
    states << QStringLiteral("%1 %2").arg(entry.id).arg(QString::fromStdString(entry.state.text()));
  return states;
}

}  // namespace

void TestRunQueue::the_first_comes_first() {
  const Folder folder;
  RunQueue queue(folder.database());
  QCOMPARE(queue.add({"{\"seed\": 1}", "{\"seed\": 2}"}, "group"), (std::vector<std::int64_t>{1, 2}));
  queue.add({"{}"}, "");
  const auto turn = queue.take();
  QVERIFY(turn.has_value());
  QCOMPARE(turn->entry.id, std::int64_t{1});
  QCOMPARE(turn->entry.plan, std::string("{\"seed\": 1}"));
  QCOMPARE(turn->entry.group_uuid, std::string("group"));
  QCOMPARE(turn->resumed_run, std::int64_t{0});
  queue.finish(1);
  QCOMPARE(queue.take()->entry.id, std::int64_t{2});
  queue.fail(2, "for a reason");
  QCOMPARE(queue.take()->entry.id, std::int64_t{3});
  QVERIFY(!queue.take());
  QCOMPARE(states_of(queue), (QStringList{"1 done", "2 failed", "3 running"}));
  QCOMPARE(queue.list()[1].note, std::string("for a reason"));
}

void TestRunQueue::nobody_takes_what_is_taken() {
  const Folder folder;
  RunQueue one(folder.database()), other(folder.database());
  one.add({"{}", "{}"}, "");
  QCOMPARE(one.take()->entry.id, std::int64_t{1});
  QCOMPARE(other.take()->entry.id, std::int64_t{2});
  QVERIFY(!one.take() && !other.take());
  QCOMPARE(states_of(other), (QStringList{"1 running", "2 running"}));
  one.give_back(1);
  QCOMPARE(other.take()->entry.id, std::int64_t{1});
}

void TestRunQueue::what_a_killed_program_left_waits_again() {
  const Folder folder;
  const std::string database = folder.database();
  RunQueue(database).add({"{}"}, "");
  const pid_t child = fork();
  if (child == 0) {
    RunQueue queue(database);
    const bool taken = queue.take().has_value();
    _exit(taken ? 0 : 1);  // as kill -9 leaves it: nothing is put in order
  }
  QVERIFY(child > 0);
  int status = 0;
  waitpid(child, &status, 0);
  QCOMPARE(WEXITSTATUS(status), 0);
  RunQueue queue(database);
  QCOMPARE(states_of(queue), QStringList{"1 waiting"});
  QCOMPARE(queue.take()->entry.id, std::int64_t{1});
}

/// Those who only look see it wait (look()); what they then ask for is done.
void TestRunQueue::what_a_killed_program_left_is_skipped_and_removed() {
  const Folder folder;
  const std::string database = folder.database();
  RunQueue queue(database);
  queue.add({"{}", "{}"}, "");
  tell(database, "UPDATE queue SET state = 'running', host = '" + this_host() + "'");
  queue.skip({1});
  QCOMPARE(ask(database, "SELECT state FROM queue WHERE id = 1"), std::string("skipped"));
  tell(database, "UPDATE queue SET state = 'running'");
  queue.remove({1, 2});
  QCOMPARE(ask(database, "SELECT count(*) FROM queue"), std::string("0"));
}

void TestRunQueue::what_was_begun_goes_on() {
  const Folder folder;
  const char* uuid = "11111111-0000-4000-8000-000000000001";
  RunQueue queue(folder.database());
  queue.add({"{}"}, "");
  QVERIFY(queue.take().has_value());
  std::int64_t run = 0;
  {
    RunWriter writer(folder.database(), single(uuid));
    run = writer.ids().front();
    queue.note_run(1, uuid);
    writer.finish(RunStatus::stopped, "");
  }
  queue.give_back(1);
  const auto again = queue.take();
  QCOMPARE(again->resumed_run, run);
  QVERIFY(again->entry.run_status == RunStatus::stopped);
  // A run that failed would fail again: it begins from the start.
  queue.fail(1, "no");
  {
    SQLite::Database file(folder.database(), SQLite::OPEN_READWRITE);
    file.exec("UPDATE runs SET status = 'failed'");
  }
  queue.retry({1});
  QCOMPARE(queue.take()->resumed_run, std::int64_t{0});
}

void TestRunQueue::users_skip_retry_remove_and_move() {
  const Folder folder;
  RunQueue queue(folder.database());
  queue.add({"{}", "{}", "{}", "{}"}, "");
  queue.move_to_front({3, 4});
  QCOMPARE(states_of(queue), (QStringList{"3 waiting", "4 waiting", "1 waiting", "2 waiting"}));
  queue.skip({3});
  QCOMPARE(queue.take()->entry.id, std::int64_t{4});
  queue.remove({1, 4});  // 4 is being trained
  QCOMPARE(states_of(queue), (QStringList{"3 skipped", "4 running", "2 waiting"}));
  queue.retry({3, 4});
  QCOMPARE(states_of(queue), (QStringList{"3 waiting", "4 running", "2 waiting"}));
  queue.skip({4});
  QVERIFY(queue.list()[1].state == QueueState::running);
}

void TestRunQueue::an_old_database_gets_a_queue() {
  const Folder folder;
  { RunWriter(folder.database(), single()).finish(RunStatus::finished, ""); }
  RunQueue queue(folder.database());
  QVERIFY(queue.list().empty());
  queue.add({"{}"}, "");
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM runs"), std::string("1"));
}

void TestRunQueue::looking_changes_nothing() {
  const Folder folder;
  const std::string database = folder.database();
  RunQueue(database).add({"{}", "{}"}, "");
  {
    SQLite::Database(database, SQLite::OPEN_READWRITE)
        .exec("UPDATE queue SET state = 'running' WHERE id = 1");
  }
  {
    SQLite::Database(database, SQLite::OPEN_READWRITE).exec("UPDATE queue SET host = '" + this_host() + "'");
  }
  const std::string before = content_of(database);
  std::filesystem::permissions(database, std::filesystem::perms::owner_read);
  const std::vector<QueueEntry> seen = RunQueue::look(database);
  QCOMPARE(seen.size(), std::size_t{2});
  QVERIFY(seen[0].state == QueueState::waiting);  // the program that took it is gone
  QVERIFY(content_of(database) == before);
}

void TestRunQueue::a_lost_database_is_said_and_its_successor_left_alone_data() {
  QTest::addColumn<int>("how");
  QTest::addColumn<QString>("words");
  QTest::newRow("deleted") << 0 << "was deleted";
  QTest::newRow("moved") << 1 << "was moved";
  QTest::newRow("replaced") << 2 << "was replaced by another file";
  QTest::newRow("overwritten") << 3 << "was overwritten with another one";
}

void TestRunQueue::a_lost_database_is_said_and_its_successor_left_alone() {
  QFETCH(int, how);
  QFETCH(QString, words);
  namespace fs = std::filesystem;
  const Folder folder;
  const std::string database = folder.database(), other = folder.path("other.db");
  RunQueue(other).add({"{\"seed\": 5}", "{}"}, "");
  const std::string others = content_of(other);
  RunQueue queue(database);
  queue.add({"{}", "{}"}, "");
  QVERIFY(queue.take().has_value());
  QCOMPARE(queue.fate(), std::string());
  if (how == 0) fs::remove(database);
  if (how == 1) fs::rename(database, folder.path("away.db"));
  if (how == 2) fs::rename(other, database);
  if (how == 3) fs::copy_file(other, database, fs::copy_options::overwrite_existing);
  QVERIFY2(queue.fate().starts_with(words.toStdString()), queue.fate().c_str());
  QVERIFY_THROWS_EXCEPTION(RunError, queue.finish(1));
  QVERIFY_THROWS_EXCEPTION(RunError, queue.take());
  QVERIFY_THROWS_EXCEPTION(RunError, queue.list());
  if (how < 2)
    QVERIFY(!fs::exists(database));
  else
    QVERIFY(content_of(database) == others);
}

void TestRunQueue::a_copied_database_stays_the_queues_own() {
  const Folder folder;
  RunQueue queue(folder.database());
  queue.add({"{}"}, "");
  const std::string id = ask(folder.database(), "SELECT value FROM meta WHERE key = 'database_id'");
  {
    // As the first checkpoint of a copy does.
    SQLite::Database file(folder.database(), SQLite::OPEN_READWRITE);
    file.exec("INSERT OR REPLACE INTO meta (key, value) VALUES ('copied_from', '" + id + "\n')");
    file.exec("UPDATE meta SET value = '00112233445566778899aabbccddeeff' WHERE key = 'database_id'");
  }
  QCOMPARE(queue.fate(), std::string());
  QVERIFY(queue.take().has_value());
}

QTEST_GUILESS_MAIN(TestRunQueue)
#include "test_run_queue.moc"
