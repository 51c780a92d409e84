// A database owns its folder of checkpoints: namesakes keep apart, copies and databases of version 0.1.0 take
// their files over without taking them away, and nobody migrates by reading.
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/runs/checkpoint_file.h"
#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"
#include "tests/runs/support.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestCheckpointFolders : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void namesakes_have_folders_of_their_own();
  void a_copy_takes_over_and_leaves_the_original();
  void a_renamed_one_finds_its_files();
  void one_in_the_place_of_another_takes_a_folder_of_its_own();
  void one_of_version_1_is_read_as_it_is();
  void one_of_version_1_is_taken_over();
  void two_of_version_1_that_shared_a_folder();
  void the_lock_of_version_1_counts();
  void one_that_was_deleted_is_made_again();
};

namespace {

/// Checkpoints below a folder, by name.
std::set<std::string> checkpoints_in(const std::string& folder) {
  std::set<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.path().extension() == ".checkpoint") names.insert(entry.path().filename().string());
  return names;
}

/// A run that stopped at `step`.
void train(const std::string& database, const StoredRace& race, std::int64_t step) {
  RunWriter writer(database, race);
  post_checkpoint(writer, step);
  writer.finish(RunStatus::stopped, "");
}

void resume_and_make(const std::string& database, std::int64_t step) {
  RunWriter writer(database, resumed(single(), {1}));
  post_checkpoint(writer, step);
  writer.finish(RunStatus::stopped, "");
}

/// As version 0.1.0 left it: tables of version 1, the folder named without the database's ending.
void make_version_1(const Folder& folder, const std::string& database, const std::string& uuid) {
  const std::string stem = fs::path(database).stem().string() + "-checkpoints/";
  fs::create_directories(folder.path(stem.c_str()));
  const CheckpointFile file =
      write_checkpoint(folder.path((stem + uuid + "-step-100.checkpoint").c_str()), checkpoint_at(100, 2.5f));
  GuardedDatabase made = open_for_writing(database, {migrations().front()});
  SQLite::Statement run(
      made,
      "INSERT INTO runs (uuid, name, status, started, seed, rule, model, data, experiment) "
      "VALUES (?, 'old', 'stopped', '2026-11-21T00:00:00.000Z', 7, 'dfa', 'mlp', 'shapes', ?)");
  run.bind(1, uuid);
  run.bind(2, experiment_of("dfa").to_json().dump());
  run.exec();
  SQLite::Statement row(
      made,
      "INSERT INTO checkpoints (run, step, epoch, file, size, sha256, made) VALUES (1, 100, "
      "1, ?, ?, ?, '2026-11-21T00:00:00.000Z')");
  row.bind(1, stem + fs::path(file.path).filename().string());
  row.bind(2, file.size);
  row.bind(3, file.sha256);
  row.exec();
}

}  // namespace

void TestCheckpointFolders::namesakes_have_folders_of_their_own() {
  Folder folder;
  for (const char* name : {"g.db", "g.sqlite", "g", "runs.2025.db", "runs.2026.db"}) {
    train(folder.path(name), single(), 100);
    QCOMPARE(checkpoints_in(folder.path(name) + "-checkpoints").size(), std::size_t(1));
  }
  for (const char* name : {"g.db", "g.sqlite", "g", "runs.2025.db", "runs.2026.db"})
    QCOMPARE(RunReader(folder.path(name)).checkpoint({1}).racers.at(0).step, 100);
}

void TestCheckpointFolders::a_copy_takes_over_and_leaves_the_original() {
  Folder folder;
  const std::string original = folder.path("g.db"), copy = folder.path("copy.db");
  train(original, single(), 100);
  fs::copy_file(original, copy);
  QCOMPARE(RunReader(copy).checkpoint({1}).racers.at(0).step, 100);  // readable before it is anybody's own
  for (std::int64_t step = 200; step <= 500; step += 100) resume_and_make(copy, step);
  QCOMPARE(RunReader(copy).checkpoint({1}).racers.at(0).step, 500);
  QCOMPARE(RunReader(original).checkpoint({1}).racers.at(0).step, 100);
  resume_and_make(original, 150);
  QCOMPARE(RunReader(original).checkpoint({1}).racers.at(0).step, 150);
  QCOMPARE(checkpoints_in(original + "-checkpoints").size(), std::size_t(2));
  QCOMPARE(checkpoints_in(copy + "-checkpoints").size(), std::size_t(2));
  QVERIFY(ask(original, "SELECT value FROM meta WHERE key = 'database_id'") !=
          ask(copy, "SELECT value FROM meta WHERE key = 'database_id'"));
  // And a copy of the copy.
  fs::copy_file(copy, folder.path("third.db"));
  resume_and_make(folder.path("third.db"), 600);
  QCOMPARE(RunReader(copy).checkpoint({1}).racers.at(0).step, 500);
}

void TestCheckpointFolders::a_renamed_one_finds_its_files() {
  Folder folder;
  train(folder.path("g.db"), single(), 100);
  fs::rename(folder.path("g.db"), folder.path("h.db"));
  QVERIFY(RunReader(folder.path("h.db")).list().at(0).resumable);
  resume_and_make(folder.path("h.db"), 200);
  // With its folder, too.
  fs::rename(folder.path("h.db"), folder.path("i.db"));
  fs::rename(folder.path("h.db-checkpoints"), folder.path("i.db-checkpoints"));
  QCOMPARE(RunReader(folder.path("i.db")).checkpoint({1}).racers.at(0).step, 200);
  resume_and_make(folder.path("i.db"), 300);
  QCOMPARE(checkpoints_in(folder.path("i.db-checkpoints")).size(), std::size_t(2));
}

void TestCheckpointFolders::one_in_the_place_of_another_takes_a_folder_of_its_own() {
  Folder folder;
  train(folder.path("g.db"), single(), 100);
  const auto before = checkpoints_in(folder.path("g.db-checkpoints"));
  fs::rename(folder.path("g.db"), folder.path("away.db"));
  train(folder.path("g.db"), single(), 50);  // the same run even
  resume_and_make(folder.path("g.db"), 60);
  QVERIFY(checkpoints_in(folder.path("g.db-checkpoints")) == before);
  QCOMPARE(RunReader(folder.path("g.db")).checkpoint({1}).racers.at(0).step, 60);
  QCOMPARE(RunReader(folder.path("away.db")).checkpoint({1}).racers.at(0).step, 100);
}

void TestCheckpointFolders::one_of_version_1_is_read_as_it_is() {
  Folder folder;
  const std::string database = folder.path("g.db");
  make_version_1(folder, database, single().uuids[0]);
  RunReader reader(database);
  QCOMPARE(reader.list().at(0).name, std::string("old"));
  QVERIFY(reader.list().at(0).resumable);
  QCOMPARE(reader.load(1).rule, std::string("dfa"));
  QCOMPARE(reader.checkpoint({1}).racers.at(0).step, 100);
  tell(database, "UPDATE runs SET status = 'running'");
  QCOMPARE(mark_interrupted(database), 1);
  QCOMPARE(ask(database, "PRAGMA user_version"), std::string("1"));
  QVERIFY(!fs::exists(folder.path("g.db-checkpoints")));
}

void TestCheckpointFolders::one_of_version_1_is_taken_over() {
  Folder folder;
  const std::string database = folder.path("g.db");
  make_version_1(folder, database, single().uuids[0]);
  const auto before = checkpoints_in(folder.path("g-checkpoints"));
  resume_and_make(database, 200);
  QCOMPARE(ask(database, "PRAGMA user_version"), std::to_string(migrations().back().to));
  QCOMPARE(RunReader(database).checkpoint({1}).racers.at(0).step, 200);
  QCOMPARE(checkpoints_in(folder.path("g.db-checkpoints")).size(), std::size_t(2));
  QVERIFY(checkpoints_in(folder.path("g-checkpoints")) == before);
  // The copy that was made before opens with what it had.
  QCOMPARE(RunReader(database + ".before-version-2").list().size(), std::size_t(1));
}

void TestCheckpointFolders::two_of_version_1_that_shared_a_folder() {
  Folder folder;
  make_version_1(folder, folder.path("g.db"), single().uuids[0]);
  make_version_1(folder, folder.path("g.sqlite"), single().uuids[0]);
  for (std::int64_t step = 200; step <= 400; step += 100) resume_and_make(folder.path("g.db"), step);
  QCOMPARE(RunReader(folder.path("g.sqlite")).checkpoint({1}).racers.at(0).step, 100);
  resume_and_make(folder.path("g.sqlite"), 150);
  QCOMPARE(RunReader(folder.path("g.db")).checkpoint({1}).racers.at(0).step, 400);
}

void TestCheckpointFolders::the_lock_of_version_1_counts() {
  Folder folder;
  const std::string database = folder.path("g.db"), uuid = single().uuids[0];
  make_version_1(folder, database, uuid);
  tell(database, "UPDATE runs SET status = 'running'");
  const auto held =
      LockFile::take(folder.path("g-locks") + "/" + uuid + ".lock", std::chrono::milliseconds(0));
  QVERIFY(held.has_value());
  QCOMPARE(RunReader(database).list().at(0).status.text(), std::string("running"));
  QCOMPARE(mark_interrupted(database), 0);
  QVERIFY(!refusal([&] { RunWriter(database, resumed(single(), {1})); }).empty());
}

void TestCheckpointFolders::one_that_was_deleted_is_made_again() {
  Folder folder;
  const std::string database = folder.path("g.db");
  RunWriter writer(database, single());
  post_checkpoint(writer, 100);
  QTRY_COMPARE(ask(database, "SELECT count(*) FROM checkpoints"), std::string("1"));
  fs::remove_all(database + "-checkpoints");
  post_checkpoint(writer, 200);
  writer.finish(RunStatus::stopped, "");
  QVERIFY2(writer.trouble().empty(), writer.trouble().c_str());
  QCOMPARE(RunReader(database).checkpoint({1}).racers.at(0).step, 200);
}

QTEST_GUILESS_MAIN(TestCheckpointFolders)
#include "test_checkpoint_folders.moc"
