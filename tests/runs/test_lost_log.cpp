// What lies next to a database goes away under a run: its log, its lock. The writer says so, and neither
// loses rows nor writes beside another program.
#include <QtTest>
#include <filesystem>
#include <fstream>

#include "engine/runs/lock_file.h"
#include "engine/runs/side_file.h"
#include "tests/runs/support.h"
#include "tests/support/eventually.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestLostLog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void a_deleted_log_loses_nothing();
  void another_log_in_its_place_is_left_alone();
  void removed_locks_are_taken_again();
  void a_run_that_another_program_took_is_left_to_it();

 private:
  std::string database() const { return folder_->database(); }
  std::string lock() const { return database() + "-locks/" + uuid + ".lock"; }
  void post_steps(RunWriter& writer, std::int64_t first, std::int64_t last) const;
  bool says(const RunWriter& writer, const char* words) const {
    return eventually([&] { return writer.trouble().find(words) != std::string::npos; });
  }
  /// Samples of the only side file; "" where there is none.
  std::string in_side_file() const {
    const std::vector<std::string> sides = side_files_of(database());
    return sides.size() == 1 ? ask(sides.front(), "SELECT count(*) FROM samples") : "";
  }

  static constexpr const char* uuid = "11111111-0000-4000-8000-000000000001";
  std::unique_ptr<Folder> folder_;
};

void TestLostLog::init() {
  folder_ = std::make_unique<Folder>();
  qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder_->path("cache")));
}

void TestLostLog::post_steps(RunWriter& writer, std::int64_t first, std::int64_t last) const {
  Observations news;
  for (std::int64_t step = first; step <= last; ++step)
    news.samples.push_back(sample(0, "loss", 0, step, 0.5));
  news.states = {SessionState::running};
  news.step = last;
  post(writer, news);
}

void TestLostLog::a_deleted_log_loses_nothing() {
  for (const bool index_too : {false, true}) {
    init();
    RunWriter writer(database(), single(uuid));
    post_steps(writer, 1, 100);
    QVERIFY(eventually([&] { return ask(database(), "SELECT count(*) FROM samples") == "100"; }));
    QVERIFY(fs::remove(database() + "-wal"));
    if (index_too) fs::remove(database() + "-shm");
    post_steps(writer, 101, 200);
    // It comes back by itself, and the file alone has everything in the end.
    QVERIFY(eventually([&] {
      return fs::exists(database() + "-wal") && writer.trouble().empty() && !writer.rows_waiting();
    }));
    post_steps(writer, 201, 300);
    writer.finish(RunStatus::stopped, "");
    QVERIFY2(writer.whole() && writer.trouble().empty(), writer.trouble().c_str());
    QCOMPARE(ask(database(), "SELECT count(*) || ' ' || max(step) FROM samples"), std::string("300 300"));
    QCOMPARE(ask(database(), "PRAGMA integrity_check"), std::string("ok"));
    QVERIFY(side_files_of(database()).empty());
  }
}

void TestLostLog::another_log_in_its_place_is_left_alone() {
  {
    RunWriter writer(database(), single(uuid));
    post_steps(writer, 1, 100);
    QVERIFY(eventually([&] { return ask(database(), "SELECT count(*) FROM samples") == "100"; }));
    std::ofstream(folder_->path("other")) << "another log";
    fs::rename(folder_->path("other"), database() + "-wal");
    post_steps(writer, 101, 200);
    QVERIFY2(says(writer, "another file in the place of its log"), writer.trouble().c_str());
    writer.finish(RunStatus::stopped, "");
    QVERIFY(writer.whole());
    QCOMPARE(fs::file_size(database() + "-wal"), std::uintmax_t{11});  // the next opening decides
    QCOMPARE(in_side_file(), std::string("200"));
  }
  { RunEditor takes_in(database()); }
  QCOMPARE(ask(database(), "SELECT count(*) FROM samples"), std::string("200"));
}

void TestLostLog::removed_locks_are_taken_again() {
  RunWriter writer(database(), single(uuid));
  fs::remove_all(database() + "-locks");
  post_steps(writer, 1, 100);
  QVERIFY(eventually([&] { return LockFile::is_held(lock()); }));
  QVERIFY2(writer.trouble().empty(), writer.trouble().c_str());
  writer.finish(RunStatus::stopped, "");
  QVERIFY(!fs::exists(lock()));
}

void TestLostLog::a_run_that_another_program_took_is_left_to_it() {
  RunWriter writer(database(), single(uuid));
  post_steps(writer, 1, 100);
  QVERIFY(eventually([&] { return ask(database(), "SELECT count(*) FROM samples") == "100"; }));
  std::optional<LockFile> others;
  while (!others) {  // the writer may be quicker
    fs::remove_all(database() + "-locks");
    others = LockFile::take(lock(), std::chrono::milliseconds(0));
  }
  post_steps(writer, 101, 200);
  QVERIFY2(says(writer, "in use by another program"), writer.trouble().c_str());
  QVERIFY(eventually([&] { return in_side_file() == "200"; }));
  writer.finish(RunStatus::stopped, "");
  QVERIFY(writer.whole());
  QCOMPARE(ask(database(), "SELECT count(*) FROM samples"), std::string("100"));
  QVERIFY(LockFile::is_held(lock()));  // the other's is not removed
}

QTEST_GUILESS_MAIN(TestLostLog)
#include "test_lost_log.moc"
