// The database goes away under a run: deleted, moved, replaced, overwritten, truncated, locked. The writer
// says so in a sentence that names the file, keeps what it has in a side file, and the next opening takes it
// in.
#include <QtTest>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/runs/maintenance.h"
#include "engine/runs/side_file.h"
#include "engine/runs/write_queue.h"
#include "tests/runs/support.h"
#include "tests/support/eventually.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestLostDatabase : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void success_is_noted_last();
  void what_ends_before_the_race_is_told_at_once();
  void a_run_without_its_checkpoint_is_not_finished();
  void what_happens_to_the_file_data();
  void what_happens_to_the_file();
  void a_replacement_is_not_written_into();
  void a_file_that_is_whole_only_with_its_log_stays();
  void a_moved_database_is_complete_and_takes_the_rest_in();
  void the_folder_too_may_go();
  void a_resumed_run_keeps_its_past();
  void the_best_checkpoint_comes_along();
  void a_lock_is_waited_for();
  void a_lock_that_lasts_ends_in_a_side_file();
  void taking_in_twice_changes_nothing();
  void a_run_that_went_on_without_it_stays_as_it_is();
  void only_its_own_database_takes_it_in();
  void memory_is_bounded();

 private:
  std::string database() const { return folder_->database(); }
  std::unique_ptr<Folder> folder_;
};

namespace {

Observations steps(std::int64_t first, std::int64_t last) {
  Observations news;
  for (std::int64_t step = first; step <= last; ++step)
    news.samples.push_back(sample(0, "loss", 0, step, 1.0 / static_cast<double>(step)));
  news.events = {event_of(0, last, "epoch", "an epoch")};
  news.step = last;
  news.epoch = 0.01 * static_cast<double>(last);
  return news;
}

/// What makes 300 steps of a run that began.
Observations the_rest() {
  Observations news = steps(101, 200), more = steps(201, 300);
  news.samples.insert(news.samples.end(), more.samples.begin(), more.samples.end());
  news.events.push_back(more.events.front());
  news.step = more.step;
  news.epoch = more.epoch;
  return news;
}

/// As a session ends.
Observations end_at(std::int64_t step) {
  Observations news;
  news.events = {event_of(0, step, "finished", "finished")};
  news.checkpoints.push_back({{checkpoint_at(step)}});
  news.states = {SessionState::finished};
  news.step = step;
  return news;
}

/// A run with 100 stored steps, a checkpoint and a command among them.
void begin(RunWriter& writer, const std::string& database) {
  Observations news = steps(1, 100);
  news.states = {SessionState::running};
  news.commands = {{40, "set", "optimizer.lr=0.5"}};
  news.checkpoints.push_back({{checkpoint_at(100)}});
  post(writer, news);
  QVERIFY(eventually([&] { return ask(database, "SELECT count(*) FROM checkpoints") == "1"; }));
}

std::string counts(const std::string& database) {
  return ask(database,
             "SELECT (SELECT count(*) || ' ' || max(step) FROM samples) || ' ' || (SELECT count(*) FROM "
             "events) || ' ' || (SELECT count(*) FROM commands) || ' ' || (SELECT max(step) FROM "
             "checkpoints) || ' ' || (SELECT group_concat(status) FROM runs)");
}

/// What a whole run of 300 steps comes to: samples, the last step, events, commands, the checkpoint's step.
constexpr const char* whole_run = "300 300 4 1 300 finished";

void open_for_writing_once(const std::string& database) {
  RunEditor editor(database);
}

}  // namespace

void TestLostDatabase::init() {
  folder_ = std::make_unique<Folder>();
  qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder_->path("cache")));
}

// A success in the rows means that samples, events and weights are there.
void TestLostDatabase::success_is_noted_last() {
  RunWriter writer(database(), single());
  begin(writer, database());
  post(writer, end_at(300));
  QVERIFY(eventually([&] { return ask(database(), "SELECT max(step) FROM checkpoints") == "300"; }));
  QCOMPARE(ask(database(), "SELECT status FROM runs"), std::string("running"));
  QCOMPARE(ask(database(), "SELECT count(*) FROM events WHERE kind = 'finished'"), std::string("0"));
  writer.finish(RunStatus::finished, "");
  QVERIFY(writer.whole());
  QCOMPARE(ask(database(), "SELECT status FROM runs"), std::string("finished"));
  QCOMPARE(ask(database(), "SELECT count(*) FROM events WHERE kind = 'finished'"), std::string("1"));
}

// A racer whose part is over while the others continue: nothing waits for the race's end.
void TestLostDatabase::what_ends_before_the_race_is_told_at_once() {
  RunWriter writer(database(), race_of_two());
  Observations news;
  news.states = {SessionState::running};
  news.events = {event_of(1, 50, "finished", "ended early")};
  news.step = 50;
  post(writer, news);
  QVERIFY(eventually([&] { return ask(database(), "SELECT count(*) FROM events") == "1"; }));
}

void TestLostDatabase::a_run_without_its_checkpoint_is_not_finished() {
  std::ofstream(folder_->path("cache")) << "no folder";
  {
    RunWriter writer(database(), single());
    post(writer, steps(1, 100));
    std::ofstream(database() + "-checkpoints") << "no folder either";
    post(writer, end_at(100));
    writer.finish(RunStatus::finished, "");
    QVERIFY(!writer.whole());
    QVERIFY2(writer.trouble().find("the last checkpoint lost") != std::string::npos,
             writer.trouble().c_str());
    QVERIFY(writer.trouble().find(database()) != std::string::npos);
  }
  QCOMPARE(ask(database(), "SELECT status FROM runs"), std::string("interrupted"));
  QCOMPARE(ask(database(), "SELECT count(*) FROM events WHERE kind = 'finished'"), std::string("0"));
}

void TestLostDatabase::what_happens_to_the_file_data() {
  QTest::addColumn<int>("kind");
  QTest::addColumn<QString>("words");
  QTest::newRow("deleted") << 0 << "was deleted";
  QTest::newRow("deleted with its log") << 1 << "was deleted";
  QTest::newRow("truncated") << 2 << "was truncated";
  QTest::newRow("cut") << 3 << "was truncated";
  QTest::newRow("moved") << 4 << "was moved";
}

void TestLostDatabase::what_happens_to_the_file() {
  QFETCH(int, kind);
  QFETCH(QString, words);
  {
    RunWriter writer(database(), single());
    begin(writer, database());
    if (kind <= 1) fs::remove(database());
    if (kind == 1)
      for (const char* part : {"-wal", "-shm"}) fs::remove(database() + part);
    if (kind == 2) fs::resize_file(database(), 0);
    if (kind == 3) fs::resize_file(database(), 5000);
    if (kind == 4) fs::rename(database(), folder_->path("elsewhere.db"));
    post(writer, steps(101, 200));  // the session continues meanwhile
    QVERIFY(eventually([&] { return writer.trouble().find(words.toStdString()) != std::string::npos; }));
    QVERIFY2(writer.trouble().find(database()) != std::string::npos, writer.trouble().c_str());
    // Within a moment it is as safe as it was: a kill would find it in the side file.
    const std::vector<std::string> sides = [&] {
      std::vector<std::string> found;
      return eventually([&] { return !(found = side_files_of(database())).empty(); }) ? found : found;
    }();
    QCOMPARE(sides.size(), std::size_t{1});
    QVERIFY(eventually([&] { return ask(sides[0], "SELECT count(*) FROM samples") == "200"; }));
    post(writer, steps(201, 300));
    post(writer, end_at(300));
    writer.finish(RunStatus::finished, "");
    QVERIFY(writer.whole());
    QVERIFY(!writer.trouble().empty());  // the program does not end with 0
  }
  if (kind == 3) fs::remove(database());  // the user puts a damaged file away
  RunWriter(database(), single("22222222-0000-4000-8000-000000000001"));
  QCOMPARE(ask(database(), "SELECT count(*) FROM runs"), std::string("2"));
  tell(database(), "DELETE FROM runs WHERE uuid LIKE '2222%'");
  QCOMPARE(counts(database()), std::string(whole_run));
  QVERIFY(side_files_of(database()).empty());
  RunReader reader(database());
  const std::int64_t id = reader.list().front().id;
  QCOMPARE(reader.checkpoint({id}).racers[0].step, std::int64_t{300});
  QVERIFY(check_database_file(database()).problems.empty());
}

void TestLostDatabase::a_replacement_is_not_written_into() {
  const std::string other = folder_->path("other.db");
  constexpr const char* stranger = "33333333-0000-4000-8000-000000000001";
  {
    RunWriter writer(other, single(stranger));
    writer.finish(RunStatus::finished, "");
  }
  const auto content = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  for (const bool in_place : {false, true}) {
    const std::string database = folder_->path(in_place ? "in-place.db" : "by-name.db");
    RunWriter writer(database, single());
    begin(writer, database);
    auto reader = std::make_unique<RunReader>(database);  // as the window's library is, it has the log open
    QCOMPARE(reader->list().size(), std::size_t{1});
    if (in_place) {
      fs::copy_file(other, database, fs::copy_options::overwrite_existing);
    } else {
      fs::copy_file(other, database + ".new");
      fs::rename(database + ".new", database);
    }
    post(writer, the_rest());
    post(writer, end_at(300));
    writer.finish(RunStatus::finished, "");
    QVERIFY(writer.whole());
    QVERIFY2(writer.trouble().find(in_place ? "was overwritten" : "was replaced") != std::string::npos,
             writer.trouble().c_str());
    QCOMPARE(ask(database, "PRAGMA integrity_check"), std::string("ok"));
    QCOMPARE(ask(database, "SELECT group_concat(uuid) FROM runs"), std::string(stranger));
    reader.reset();
    QVERIFY(content(database) == content(other));
    open_for_writing_once(database);  // a stranger: it is not given the run
    QCOMPARE(ask(database, "SELECT count(*) FROM runs"), std::string("1"));
    const std::string side = database + "-checkpoints/unsaved-11111111-0000-4000-8000-000000000001.db";
    QVERIFY(fs::exists(side));
    QCOMPARE(counts(side), std::string(whole_run));
  }
}

// As SQLite leaves it when a full disk breaks off the moving of the log into the file: the header, on page 1,
// counts pages that lie in the log alone.
void TestLostDatabase::a_file_that_is_whole_only_with_its_log_stays() {
  RunWriter writer(database(), single());
  begin(writer, database());
  post(writer, steps(101, 5000));
  QVERIFY(eventually([&] { return ask(database(), "SELECT max(step) FROM samples") == "5000"; }));
  const auto pages = static_cast<std::uint32_t>(std::stoul(ask(database(), "PRAGMA page_count")));
  QVERIFY(pages * std::stoul(ask(database(), "PRAGMA page_size")) > fs::file_size(database()));
  {
    std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(28);  // "in-header database size", big-endian (SQLite's file format, 1.3.7)
    for (const int shift : {24, 16, 8, 0}) file.put(static_cast<char>(pages >> shift & 0xff));
  }
  for (std::int64_t step = 5001; step <= 5010; ++step) {
    post(writer, steps(step, step));
    QVERIFY(
        eventually([&] { return ask(database(), "SELECT max(step) FROM samples") == std::to_string(step); }));
    QCOMPARE(QString::fromStdString(writer.trouble()), QString());
  }
  QVERIFY(fs::exists(database() + "-wal"));
  post(writer, end_at(5010));
  writer.finish(RunStatus::finished, "");
  QVERIFY(writer.whole());
  QCOMPARE(QString::fromStdString(writer.trouble()), QString());
  QCOMPARE(ask(database(), "SELECT count(*) FROM samples"), std::string("5010"));
  QCOMPARE(ask(database(), "PRAGMA integrity_check"), std::string("ok"));
}

void TestLostDatabase::a_moved_database_is_complete_and_takes_the_rest_in() {
  const std::string moved = folder_->path("moved/here.db");
  {
    RunWriter writer(database(), single());
    begin(writer, database());
    fs::create_directory(folder_->path("moved"));
    fs::rename(database(), moved);
    post(writer, the_rest());
    QVERIFY(eventually([&] { return writer.trouble().find("was moved") != std::string::npos; }));
    post(writer, end_at(300));
    writer.finish(RunStatus::finished, "");
  }
  QVERIFY(!fs::exists(database() + "-wal"));
  QCOMPARE(ask(moved, "SELECT max(step) FROM samples"), std::string("100"));
  QCOMPARE(ask(moved, "PRAGMA integrity_check"), std::string("ok"));
  fs::rename(moved, database());
  open_for_writing_once(database());
  QCOMPARE(counts(database()), std::string(whole_run));
}

void TestLostDatabase::the_folder_too_may_go() {
  const std::string database = folder_->path("deep/runs.db");
  {
    RunWriter writer(database, single());
    begin(writer, database);
    fs::remove_all(folder_->path("deep"));
    post(writer, the_rest());
    QVERIFY(eventually([&] { return writer.trouble().find(folder_->path("cache")) != std::string::npos; }));
    post(writer, end_at(300));
    writer.finish(RunStatus::finished, "");
    QVERIFY(writer.whole());
  }
  QVERIFY(!fs::exists(folder_->path("deep")));
  { RunWriter(database, single("22222222-0000-4000-8000-000000000001")); }
  tell(database, "DELETE FROM runs WHERE uuid LIKE '2222%'");
  QCOMPARE(counts(database), std::string(whole_run));
  QVERIFY(side_files_of(database).empty());
}

void TestLostDatabase::a_resumed_run_keeps_its_past() {
  {
    RunWriter writer(database(), single());
    begin(writer, database());
    writer.finish(RunStatus::stopped, "");
  }
  {
    RunWriter writer(database(), resumed(single(), {1}, 100));
    for (const auto& entry : fs::directory_iterator(fs::path(database()).parent_path()))
      if (entry.path().filename().string().starts_with("grapevine.db") && entry.is_regular_file())
        fs::remove(entry.path());
    QVERIFY(eventually([&] { return writer.trouble().find("was deleted") != std::string::npos; }));
    writer.finish(RunStatus::stopped, "");  // before anything new came: the past alone, with its checkpoint
    QVERIFY(writer.whole());
  }
  RunWriter(database(), single("22222222-0000-4000-8000-000000000001"));
  tell(database(), "DELETE FROM runs WHERE uuid LIKE '2222%'");
  QCOMPARE(counts(database()), std::string("100 100 1 1 100 stopped"));
  RunReader reader(database());
  const std::int64_t id = reader.list().front().id;
  QCOMPARE(reader.checkpoint({id}).racers[0].step, std::int64_t{100});
  QVERIFY(reader.commands(id, 100).empty());  // the checkpoint contains the command
}

// With checkpoint.keep=both the run's best is worth as much as its end.
void TestLostDatabase::the_best_checkpoint_comes_along() {
  StoredRace race = single();
  {
    RunWriter writer(database(), race);
    begin(writer, database());
    for (const std::int64_t step : {120, 140, 160}) {
      Observations news;
      news.checkpoints.push_back({{checkpoint_at(step)}});
      news.checkpoints.back().racers.front().best = step == 120;
      post(writer, news);
      QVERIFY(eventually(
          [&] { return ask(database(), "SELECT max(step) FROM checkpoints") == std::to_string(step); }));
    }
    fs::rename(database(), folder_->path("away.db"));
    post(writer, the_rest());
    QVERIFY(eventually([&] { return !side_files_of(database()).empty(); }));
    post(writer, end_at(300));
    writer.finish(RunStatus::finished, "");
  }
  fs::rename(folder_->path("away.db"), database());
  open_for_writing_once(database());
  QCOMPARE(ask(database(),
               "SELECT group_concat(step || ' ' || best, ', ') FROM (SELECT * FROM checkpoints "
               "WHERE step IN (120, 300) ORDER BY step)"),
           std::string("120 1, 300 0"));
}

void TestLostDatabase::a_lock_is_waited_for() {
  RunWriter writer(database(), single());
  begin(writer, database());
  {
    SQLite::Database other(database(), SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    post(writer, steps(101, 200));
    QVERIFY(eventually([&] { return writer.trouble().find("locked") != std::string::npos; }));
    QVERIFY(eventually([&] { return writer.trouble().find("unsaved-") != std::string::npos; }));
    post(writer, steps(201, 300));
    QVERIFY(eventually([&] { return writer.rows_waiting() == 0; }));  // in the side file
    other.exec("ROLLBACK");
  }
  QVERIFY(eventually([&] { return writer.trouble().empty(); }));
  QCOMPARE(ask(database(), "SELECT count(*) FROM samples"), std::string("300"));
  QVERIFY(side_files_of(database()).empty());
  post(writer, end_at(300));
  writer.finish(RunStatus::finished, "");
  QVERIFY(writer.whole() && writer.trouble().empty());
  QCOMPARE(counts(database()), std::string(whole_run));
}

void TestLostDatabase::a_lock_that_lasts_ends_in_a_side_file() {
  SQLite::Database other(database(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  {
    RunWriter writer(database(), single());
    begin(writer, database());
    other.exec("BEGIN IMMEDIATE");
    post(writer, the_rest());
    post(writer, end_at(300));
    writer.finish(RunStatus::finished, "");
    QVERIFY(writer.whole());
    QVERIFY2(writer.trouble().find("locked") != std::string::npos, writer.trouble().c_str());
  }
  QCOMPARE(side_files_of(database()).size(), std::size_t{1});
  const DatabaseCheck found = check_database_file(database());
  QVERIFY(std::any_of(found.problems.begin(), found.problems.end(), [](const std::string& problem) {
    return problem.find("unsaved-") != std::string::npos;
  }));
  other.exec("ROLLBACK");
  QCOMPARE(mark_interrupted(database()), 0);  // what a list does first takes it in
  QCOMPARE(counts(database()), std::string(whole_run));
  QCOMPARE(RunReader(database()).checkpoint({1}).racers[0].step, std::int64_t{300});
  QVERIFY(side_files_of(database()).empty());
}

void TestLostDatabase::taking_in_twice_changes_nothing() {
  SQLite::Database other(database(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  {
    RunWriter writer(database(), single());
    begin(writer, database());
    other.exec("BEGIN IMMEDIATE");
    post(writer, the_rest());
    post(writer, end_at(300));
    writer.finish(RunStatus::finished, "");
  }
  other.exec("ROLLBACK");
  const std::string side = side_files_of(database()).front();
  // As if it had been interrupted between the commit and the removal.
  fs::copy_file(side, folder_->path("kept.db"));
  fs::copy(side + "-checkpoints", folder_->path("kept"), fs::copy_options::recursive);
  open_for_writing_once(database());
  QVERIFY(!fs::exists(side));
  fs::copy_file(folder_->path("kept.db"), side);
  fs::copy(folder_->path("kept"), side + "-checkpoints", fs::copy_options::recursive);
  open_for_writing_once(database());
  QVERIFY(!fs::exists(side));
  QCOMPARE(counts(database()), std::string(whole_run));
}

void TestLostDatabase::a_run_that_went_on_without_it_stays_as_it_is() {
  SQLite::Database other(database(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  {
    RunWriter writer(database(), single());
    begin(writer, database());
    other.exec("BEGIN IMMEDIATE");
    post(writer, end_at(300));
    writer.finish(RunStatus::finished, "");
  }
  other.exec("ROLLBACK");
  const std::string side = side_files_of(database()).front();
  tell(database(), "UPDATE runs SET heartbeat = '2999-01-01T00:00:00.000Z', status = 'failed'");
  open_for_writing_once(database());
  QVERIFY(fs::exists(side));  // a person has to look at it: db check names it
  QCOMPARE(ask(database(), "SELECT status FROM runs"), std::string("failed"));
}

void TestLostDatabase::only_its_own_database_takes_it_in() {
  SQLite::Database lock(database(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  {
    RunWriter writer(database(), single());
    begin(writer, database());
    lock.exec("BEGIN IMMEDIATE");
    post(writer, end_at(100));
    writer.finish(RunStatus::finished, "");
  }
  lock.exec("ROLLBACK");
  const std::string side = side_files_of(database()).front(), other = folder_->path("other.db");
  fs::create_directories(folder_->path("cache") + "/grapevine/unsaved");
  const std::string lent =
      folder_->path("cache") + "/grapevine/unsaved/unsaved-11111111-0000-4000-8000-000000000001.db";
  fs::copy_file(side, lent);
  { RunWriter(other, single("22222222-0000-4000-8000-000000000001")); }
  QVERIFY(fs::exists(lent));
  QCOMPARE(ask(other, "SELECT count(*) FROM runs"), std::string("1"));
}

// Never more than there is room for; events and commands stay, and of samples the late ones.
void TestLostDatabase::memory_is_bounded() {
  WriteQueue queue(1, 1000);
  for (int i = 0; i < 20; ++i) {
    Observations news = steps(i * 100 + 1, i * 100 + 100);
    queue.add(news);
    if (i < 5) queue.drop(1000);
    QVERIFY(queue.samples(5000).size() <= 1000);
  }
  QVERIFY(queue.thinned_out() > 0);
  QCOMPARE(queue.samples(5000).size() + static_cast<std::size_t>(queue.thinned_out()), std::size_t{1500});
  const auto kept = queue.samples(5000);
  for (std::int64_t step = 1601; step <= 2000; ++step)  // the latest are all there
    QVERIFY(std::any_of(kept.begin(), kept.end(), [&](const Sample& one) { return one.step == step; }));
  queue.rewind();
  QCOMPARE(queue.rest(5000)->events.size(), std::size_t{20});
}

QTEST_GUILESS_MAIN(TestLostDatabase)
#include "test_lost_database.moc"
