// Long work on databases that is stopped: at every single moment at which it asks. What it would have written
// is there whole or not at all, nothing of it lies beside, and the next time it succeeds.
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/runs/backup.h"
#include "engine/runs/checkpoint_file.h"
#include "engine/runs/checkpoint_folder.h"
#include "engine/runs/curve_import.h"
#include "engine/runs/export.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/run_file.h"
#include "engine/runs/setting_differences.h"
#include "engine/session/interruption.h"
#include "engine/session/progress.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestInterruption : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void a_run_file_is_written_whole_or_not_at_all();
  void a_run_file_is_taken_in_run_by_run();
  void a_database_is_merged_run_by_run();
  void curves_are_taken_in_whole_or_not_at_all();
  void a_copy_is_whole_or_not_there();
  void a_stopped_adoption_leaves_no_folder();
  void a_check_and_a_vacuum_change_nothing();
  void what_is_put_together_in_memory_hears_it();
  void telling_settings_apart_hears_it();
  void a_large_statement_hears_it();
  void a_whole_stays_whole();

 private:
  std::string file(const char* name) const { return folder_->path(name); }
  /// What lies in the folder; without what SQLite keeps next to an open database.
  std::set<std::string> names() const;
  std::int64_t files_of(const std::string& database) const;

  std::unique_ptr<Folder> folder_;
};

namespace {

const std::vector<std::string> uuids = {"11111111-0000-4000-8000-000000000001",
                                        "11111111-0000-4000-8000-000000000002"};

/// Stops `work` at the moment at which it asks for the n-th time. False: it did not ask so often, and was
/// done.
bool stopped_at(int n, const std::function<void()>& work) {
  int asked = 0;
  const Interruptible guard([&] { return ++asked > n; });
  try {
    work();
    return false;
  } catch (const WorkStopped&) {
    return true;
  }
}

/// At each of its moments; returns how many there are.
int stop_everywhere(const std::function<void()>& work, const std::function<void()>& look) {
  int n = 0;
  for (; stopped_at(n, work); ++n) look();
  return n;
}

}  // namespace

void TestInterruption::init() {
  folder_ = std::make_unique<Folder>();
  for (const std::string& uuid : uuids) {
    RunWriter writer(folder_->database(), single(uuid.c_str()));
    Observations news;
    news.samples = {sample(0, "loss", 0, 1, 0.5), sample(0, "loss", 0, 2, 0.25)};
    news.step = 2;
    post(writer, news);
    post_checkpoint(writer, 2);
    writer.finish(RunStatus::stopped, "");
  }
}

std::set<std::string> TestInterruption::names() const {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder_->folder.path().toStdString())) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with("-wal") && !name.ends_with("-shm")) found.insert(name);
  }
  return found;
}

std::int64_t TestInterruption::files_of(const std::string& database) const {
  std::int64_t count = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(database + "-checkpoints", none))
    if (entry.path().filename() != "database-id") ++count;
  return count;
}

void TestInterruption::a_run_file_is_written_whole_or_not_at_all() {
  std::ofstream(file("a.run")) << "what was here before";
  const auto before = names();
  const int moments =
      stop_everywhere([&] { write_run_file(folder_->database(), uuids, file("a.run"), true); },
                      [&] {
                        QCOMPARE(std::filesystem::file_size(file("a.run")), std::uintmax_t{20});
                        QVERIFY(names() == before);
                      });
  QVERIFY2(moments >= 6, qPrintable(QString::number(moments)));  // two runs, two states out and in, the file
  QCOMPARE(import_run_file(file("b.db"), file("a.run")).taken.size(), std::size_t{2});
}

void TestInterruption::a_run_file_is_taken_in_run_by_run() {
  write_run_file(folder_->database(), uuids, file("a.run"), true);
  const std::string into = file("b.db");
  const int moments =
      stop_everywhere([&] { import_run_file(into, file("a.run")); },
                      [&] {
                        for (const std::string& name : names())
                          QVERIFY2(name.find(".grapevine") == std::string::npos, name.c_str());
                        if (!std::filesystem::exists(into)) return;
                        const std::string runs = ask(into, "SELECT count(*) FROM runs");
                        // Each with its curve and its state, which has no second file.
                        QCOMPARE(ask(into, "SELECT count(*) / 2 FROM samples"), runs);
                        QCOMPARE(ask(into, "SELECT count(*) FROM checkpoints"), runs);
                        QCOMPARE(QString::number(files_of(into)), QString::fromStdString(runs));
                        QCOMPARE(ask(into, "PRAGMA integrity_check"), std::string("ok"));
                      });
  QVERIFY2(moments >= 6, qPrintable(QString::number(moments)));
  QCOMPARE(ask(into, "SELECT count(*) FROM runs"), std::string("2"));
  QCOMPARE(check_database_file(into).checkpoints, std::int64_t{2});
}

void TestInterruption::a_database_is_merged_run_by_run() {
  const std::string into = file("b.db");
  const int moments =
      stop_everywhere([&] { merge_database(into, folder_->database()); },
                      [&] {
                        if (!std::filesystem::exists(into)) return;
                        QCOMPARE(QString::number(files_of(into)),
                                 QString::fromStdString(ask(into, "SELECT count(*) FROM runs")));
                      });
  // Where somebody else's folder has the name, its own goes with a database that was not to be.
  const std::string beside = file("c.db");
  std::filesystem::create_directory(beside + "-checkpoints");
  std::ofstream(beside + "-checkpoints/database-id") << std::string(32, 'a');
  const auto before = names();
  QVERIFY(stopped_at(0, [&] { merge_database(beside, folder_->database()); }));
  QVERIFY(names() == before);
  QVERIFY2(moments >= 3, qPrintable(QString::number(moments)));
  QCOMPARE(check_database_file(into).readable, std::int64_t{2});
}

void TestInterruption::curves_are_taken_in_whole_or_not_at_all() {
  {
    std::ofstream curves(file("curves.csv"));
    curves << "step,train_loss,test_accuracy\n";
    for (int step = 1; step <= 10000; ++step) curves << step << ",0.5,0.25\n";
  }
  const std::string into = folder_->database();
  const int moments =
      stop_everywhere([&] { import_curves(into, file("curves.csv")); },
                      [&] { QCOMPARE(ask(into, "SELECT count(*) FROM runs"), std::string("2")); });
  // Lines that are read and looked at by some thousands, and what SQLite does of its own.
  QVERIFY2(moments >= 10, qPrintable(QString::number(moments)));
  QCOMPARE(ask(into, "SELECT count(*) FROM samples WHERE series IN (SELECT id FROM series WHERE run = 3)"),
           std::string("20000"));
}

void TestInterruption::a_copy_is_whole_or_not_there() {
  tell(folder_->database(),
       "CREATE TABLE ballast (bytes BLOB); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + "
       "1 FROM n WHERE i < 20) INSERT INTO ballast SELECT randomblob(1000000) FROM n");
  const auto before = names();
  const int moments = stop_everywhere([&] { back_up_database(folder_->database(), file("copy.db")); },
                                      [&] { QVERIFY(names() == before); });
  QVERIFY2(moments >= 2, qPrintable(QString::number(moments)));  // 20 MB, of which 8 are copied at once
  QCOMPARE(ask(file("copy.db"), "SELECT count(*) FROM ballast"), std::string("20"));
  QCOMPARE(ask(file("copy.db"), "PRAGMA integrity_check"), std::string("ok"));
}

// The copy's own folder, into which it takes the original's states: links, which are copied piece by piece.
void TestInterruption::a_stopped_adoption_leaves_no_folder() {
  namespace fs = std::filesystem;
  const std::string copy = file("copy.db");
  fs::copy_file(folder_->database(), copy);
  std::vector<fs::path> states;
  for (const auto& entry : fs::directory_iterator(folder_->database() + "-checkpoints"))
    if (entry.path().extension() == ".checkpoint") states.push_back(entry.path());
  for (const fs::path& state : states) {
    const std::string elsewhere = file(state.filename().c_str());
    fs::rename(state, elsewhere);
    fs::create_symlink(elsewhere, state);
  }
  const auto before = names();
  const int moments = stop_everywhere(
      [&] {
        SQLite::Database database(copy, SQLite::OPEN_READWRITE, 5000);
        CheckpointFolder::own(database, copy);
      },
      [&] { QVERIFY(names() == before); });
  QVERIFY2(moments >= 2, qPrintable(QString::number(moments)));
  QCOMPARE(files_of(copy), std::int64_t{2});
}

void TestInterruption::a_check_and_a_vacuum_change_nothing() {
  {
    SQLite::Database fill(folder_->database(), SQLite::OPEN_READWRITE, 5000);
    fill.exec(
        "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
        "INSERT INTO samples SELECT 1, i, 0, 0, 0.5 FROM n");
  }
  const auto stays = [&] {
    QCOMPARE(ask(folder_->database(), "SELECT count(*) FROM runs"), std::string("2"));
  };
  QVERIFY(stop_everywhere([&] { check_database_file(folder_->database()); }, stays) >= 3);
  QVERIFY(stop_everywhere([&] { vacuum_database(folder_->database()); }, stays) >= 3);
  QVERIFY(check_database_file(folder_->database()).problems.empty());
}

void TestInterruption::what_is_put_together_in_memory_hears_it() {
  const std::vector<RunData> runs = {RunReader(folder_->database()).load(1),
                                     RunReader(folder_->database()).load(2)};
  QVERIFY(stopped_at(0, [&] { runs_to_csv(runs); }));
  QVERIFY(stopped_at(0, [&] { runs_to_json(runs); }));
}

void TestInterruption::telling_settings_apart_hears_it() {
  QVERIFY(stopped_at(0, [] { setting_differences({"{}", "{}"}); }));
  // Once for each run and each key too.
  const std::vector<std::string> many(1000, R"({"seed": 1})");
  QVERIFY(stopped_at(1000, [&] { setting_differences(many); }));
}

// A stop is none of SQLite's errors: nothing says that the file is damaged.
void TestInterruption::a_large_statement_hears_it() {
  tell(folder_->database(),
       "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
       "INSERT INTO samples SELECT 1, i, 0, 0, 0.5 FROM n");
  QVERIFY(stopped_at(0, [&] { RunReader(folder_->database()).load(1); }));
}

// A user's change, or the writer's, is not cut by what stands round it.
void TestInterruption::a_whole_stays_whole() {
  const Interruptible stop([] { return true; });
  const Interruptible whole;
  RunEditor(folder_->database()).set_name(1, "another");
  QCOMPARE(import_run_file(file("b.db"), folder_->database()).taken.size(), std::size_t{2});
}

QTEST_APPLESS_MAIN(TestInterruption)
#include "test_interruption.moc"
