// A database that another program keeps locked: the input was right, so whatever was to be written fails with
// status 1, after one wait and with one sentence.
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>

#include "engine/runs/backup.h"
#include "engine/runs/curve_import.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/merge.h"
#include "engine/runs/run_queue.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestLocked : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatever_writes_fails_while_running();
  void a_merge_waits_once();
  void a_merge_that_makes_a_folder_names_the_locked_one();
};

namespace {

constexpr const char* uuids[] = {"11111111-0000-4000-8000-000000000001",
                                 "11111111-0000-4000-8000-000000000002",
                                 "11111111-0000-4000-8000-000000000003"};

void store(const std::string& database, const char* uuid) {
  RunWriter writer(database, single(uuid));
  Observations news;
  news.samples = {sample(0, "train_loss", 0, 1, 0.5)};
  news.step = 1;
  post(writer, news);
  post_checkpoint(writer, 1);
  writer.finish(RunStatus::finished, "");
}

/// As a program in the middle of a transaction.
class Lock {
 public:
  explicit Lock(const std::string& database) : connection_(database, SQLite::OPEN_READWRITE, 5000) {
    connection_.exec("BEGIN IMMEDIATE");
  }

 private:
  SQLite::Database connection_;
};

/// Exit status and words; 0 where nothing was refused.
std::pair<int, std::string> told(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return {error.exit_status(), error.what()};
  } catch (const std::exception& error) {
    return {-1, error.what()};
  }
  return {0, ""};
}

}  // namespace

void TestLocked::whatever_writes_fails_while_running() {
  const Folder folder;
  const std::string database = folder.database();
  store(database, uuids[0]);
  std::ofstream(folder.path("curves.csv")) << "step,train_loss\n1,0.5\n2,0.25\n";
  const Lock lock(database);
  const std::pair<const char*, std::function<void()>> works[] = {
      {"edit", [&] { RunEditor(database).set_name(1, "another"); }},
      {"tags", [&] { RunEditor(database).add_tag(1, "another"); }},
      {"delete", [&] { RunEditor(database).remove({1}); }},
      {"restore", [&] { RunEditor(database).restore({1}); }},
      {"vacuum", [&] { vacuum_database(database); }},
      {"curves", [&] { import_curves(database, folder.path("curves.csv")); }},
      {"queue", [&] { RunQueue(database).take(); }},
      {"train", [&] { RunWriter(database, single(uuids[1])); }}};
  // Each waits for a few seconds: all at once.
  std::vector<std::future<std::pair<int, std::string>>> ends;
  ends.reserve(std::size(works));
  for (const auto& work : works)
    ends.push_back(std::async(std::launch::async, [&] { return told(work.second); }));
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto [status, words] = ends[i].get();
    QVERIFY2(status == 1, (std::string(works[i].first) + ": " + words).c_str());
    QVERIFY2(words.find("another program keeps it locked") != std::string::npos, words.c_str());
    QVERIFY2(words.find("--db") == std::string::npos,
             words.c_str());  // another database is not what was asked for
  }
}

void TestLocked::a_merge_waits_once() {
  const Folder folder;
  const std::string from = folder.path("from.db");
  for (const char* uuid : uuids) store(from, uuid);
  store(folder.database(), "99999999-0000-4000-8000-000000000009");
  const Lock lock(folder.database());
  QElapsedTimer passed;
  passed.start();
  const MergeResult result = merge_database(folder.database(), from);
  QVERIFY2(passed.elapsed() < 9000,
           qPrintable(QString::number(passed.elapsed())));  // two waits are ten seconds
  QVERIFY(result.taken.empty());
  QVERIFY(!result.disk.empty());
  QCOMPARE(result.left.size(), std::size_t{1});
  QVERIFY2(result.left.front().starts_with("run 1 of " + from + " and all after it were left out"),
           result.left.front().c_str());
}

void TestLocked::a_merge_that_makes_a_folder_names_the_locked_one() {
  const Folder folder;
  const std::string from = folder.path("from.db");
  for (const std::string& database : {from, folder.database()}) store(database, uuids[0]);
  std::filesystem::remove_all(folder.database() + "-checkpoints");
  const Lock lock(folder.database());
  const auto [status, words] = told([&] { merge_database(folder.database(), from); });
  QCOMPARE(status, 1);
  QVERIFY2(words.starts_with("can't take runs of " + from + " into " + folder.database()), words.c_str());
}

QTEST_GUILESS_MAIN(TestLocked)
#include "test_locked.moc"
