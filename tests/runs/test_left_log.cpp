// The log next to a database: taken in where it is the database's own, as after an interruption; set aside
// where the file is another one by now. Neither of the two is ever lost, and each such event is said.
#include <sys/wait.h>
#include <unistd.h>

#include <QtTest>
#include <filesystem>
#include <fstream>

#include "engine/runs/backup.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/run_queue.h"
#include "engine/runs/shared_index.h"
#include "engine/runs/store_notices.h"
#include "tests/runs/support.h"

using namespace grapevine;
namespace fs = std::filesystem;

namespace {

constexpr const char* first_uuid = "11111111-0000-4000-8000-000000000001";
constexpr const char* second_uuid = "22222222-0000-4000-8000-000000000001";
constexpr const char* third_uuid = "33333333-0000-4000-8000-000000000001";

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

void store(const std::string& database, const char* uuid, std::int64_t steps = 50) {
  RunWriter writer(database, single(uuid));
  Observations news;
  for (std::int64_t step = 1; step <= steps; ++step) news.samples.push_back(sample(0, "loss", 0, step, 0.5));
  news.states = {SessionState::running, SessionState::finished};
  news.step = steps;
  post(writer, news);
  writer.finish(RunStatus::stopped, "");
}

}  // namespace

class TestLeftLog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void cleanup() { listen_to_store_notices({}); }
  void its_own_log_is_taken_in();
  void the_log_of_another_state_is_set_aside_data();
  void the_log_of_another_state_is_set_aside();
  void something_else_in_its_place_is_set_aside();
  void a_damaged_log_is_kept_as_a_copy();
  void an_open_library_writes_nothing_into_another_file();
  void who_closes_a_library_waits_for_nobody();
  void check_names_what_was_set_aside();

 private:
  std::string database() const { return folder_->database(); }
  std::string log() const { return database() + "-wal"; }
  std::string left() const { return log() + ".left"; }
  /// As a killed program leaves the database: file and log as they were in the middle of its work.
  void interrupt(const std::string& at, const std::function<void()>& change) const;

  std::unique_ptr<Folder> folder_;
  std::vector<std::string> said_;
};

void TestLeftLog::init() {
  folder_ = std::make_unique<Folder>();
  said_.clear();
  listen_to_store_notices([this](const std::string& sentence) { said_.push_back(sentence); });
  qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder_->path("cache")));
}

void TestLeftLog::interrupt(const std::string& at, const std::function<void()>& change) const {
  std::string file, beside;
  {
    SQLite::Database holds(at, SQLite::OPEN_READWRITE, 5000);
    holds.execAndGet("SELECT count(*) FROM runs");
    change();
    file = content(at);
    beside = content(at + "-wal");
  }
  put(at, file);
  put(at + "-wal", beside);
}

void TestLeftLog::its_own_log_is_taken_in() {
  store(database(), first_uuid);
  interrupt(database(), [&] {
    SQLite::Database writes(database(), SQLite::OPEN_READWRITE, 5000);
    writes.exec("PRAGMA wal_autocheckpoint = 0");
    writes.exec("UPDATE runs SET notes = 'of the log'");
  });
  QVERIFY(!content(log()).empty());
  QCOMPARE(RunReader(database()).list().front().notes, std::string("of the log"));
  QVERIFY2(said_.empty(), said_.empty() ? "" : said_.front().c_str());
  QVERIFY(!fs::exists(left()));
}

void TestLeftLog::the_log_of_another_state_is_set_aside_data() {
  QTest::addColumn<int>("what");
  QTest::addColumn<bool>("moved");
  for (const bool moved : {true, false}) {
    QTest::addRow("another database, %s", moved ? "mv" : "cp") << 0 << moved;
    QTest::addRow("a backup, %s", moved ? "mv" : "cp") << 1 << moved;
    QTest::addRow("a copy of an earlier state, %s", moved ? "mv" : "cp") << 2 << moved;
    QTest::addRow("an empty file, %s", moved ? "mv" : "cp") << 3 << moved;
  }
}

void TestLeftLog::the_log_of_another_state_is_set_aside() {
  QFETCH(int, what);
  QFETCH(bool, moved);
  const std::string other = folder_->path("other.db");
  store(database(), first_uuid);
  if (what == 0) store(other, second_uuid, 400);
  if (what == 1) back_up_database(database(), other);
  if (what == 2) fs::copy_file(database(), other);
  if (what == 3) put(other, "");
  store(database(), third_uuid, 300);
  store(database(), second_uuid, 300);
  interrupt(database(), [&] {
    SQLite::Database writes(database(), SQLite::OPEN_READWRITE, 5000);
    writes.exec("PRAGMA wal_autocheckpoint = 0");
    writes.exec("INSERT INTO meta (key, value) VALUES ('filling', hex(zeroblob(20000)))");
  });
  const std::string put_there = content(other), its_log = content(log());
  if (moved)
    fs::rename(other, database());
  else
    fs::copy_file(other, database(), fs::copy_options::overwrite_existing);
  const char* const only = what == 0 ? second_uuid : first_uuid;
  if (what == 3) {
    QVERIFY(RunQueue(database()).list().empty());  // makes the tables
  } else {
    const std::vector<RunSummary> runs = RunReader(database()).list();
    QCOMPARE(runs.size(), std::size_t{1});
    QCOMPARE(runs.front().uuid, std::string(only));
    QCOMPARE(content(database()), put_there);
    QVERIFY(check_database_file(database()).problems.empty());
  }
  QCOMPARE(content(left()), its_log);
  QCOMPARE(said_.size(), std::size_t{1});
  for (const std::string& named : {log(), database(), left()})
    QVERIFY2(said_.front().find(named) != std::string::npos, said_.front().c_str());
}

void TestLeftLog::something_else_in_its_place_is_set_aside() {
  store(database(), first_uuid);
  const std::string before = content(database());
  put(log(), std::string(40'000, 'x'));
  QCOMPARE(RunReader(database()).list().size(), std::size_t{1});
  QCOMPARE(content(left()), std::string(40'000, 'x'));
  QCOMPARE(content(database()), before);
  QCOMPARE(said_.size(), std::size_t{1});

  // A second one is not put in the place of the first.
  put(log(), std::string(40'000, 'y'));
  RunReader again(database());
  QCOMPARE(content(left()), std::string(40'000, 'x'));
  QCOMPARE(content(left() + "-2"), std::string(40'000, 'y'));
}

void TestLeftLog::a_damaged_log_is_kept_as_a_copy() {
  store(database(), first_uuid);
  interrupt(database(), [&] {
    SQLite::Database writes(database(), SQLite::OPEN_READWRITE, 5000);
    writes.exec("PRAGMA wal_autocheckpoint = 0");
    for (int i = 0; i < 9; ++i) writes.exec("UPDATE runs SET notes = '" + std::to_string(i) + "'");
  });
  std::string bytes = content(log());
  bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
  put(log(), bytes);
  const std::string notes = RunReader(database()).list().front().notes;
  QVERIFY2(!notes.empty() && notes != "8", notes.c_str());  // up to the damage
  QCOMPARE(content(left()), bytes);
  QCOMPARE(said_.size(), std::size_t{1});
  QVERIFY2(said_.front().find("damaged") != std::string::npos, said_.front().c_str());
}

// The window looks at a database whose writer was killed, and a file is copied over it: what the window still
// has of the log must not be written into that file, neither by it nor by who opens it next.
void TestLeftLog::an_open_library_writes_nothing_into_another_file() {
  const std::string other = folder_->path("other.db");
  store(database(), first_uuid, 300);
  store(other, second_uuid, 400);
  const std::string put_there = content(other);
  for (const bool next_one_opens : {true, false}) {
    init();
    store(database(), first_uuid, 300);
    auto library = std::make_unique<RunReader>(database());
    QCOMPARE(library->list().size(), std::size_t{1});
    const pid_t writer = ::fork();
    if (writer == 0) {  // ends without closing
      auto* writes = new SQLite::Database(database(), SQLite::OPEN_READWRITE, 5000);
      writes->exec("PRAGMA wal_autocheckpoint = 0");
      writes->exec("UPDATE runs SET notes = 'in the log alone'");
      ::_exit(0);
    }
    int status = -1;
    QCOMPARE(::waitpid(writer, &status, 0), writer);
    QCOMPARE(status, 0);
    QVERIFY(!content(log()).empty());
    put(folder_->path("other.db"), put_there);
    fs::copy_file(folder_->path("other.db"), database(), fs::copy_options::overwrite_existing);
    if (next_one_opens) {
      const std::vector<RunSummary> runs = RunReader(database()).list();
      QCOMPARE(runs.size(), std::size_t{1});
      QCOMPARE(runs.front().uuid, std::string(second_uuid));
    }
    library.reset();
    QCOMPARE(content(database()), put_there);
    QVERIFY(!content(left()).empty());
    QCOMPARE(said_.size(), std::size_t{1});
  }
}

// Another database was moved to where an open one was, and its log is just being looked at by another
// program.
void TestLeftLog::who_closes_a_library_waits_for_nobody() {
  const std::string other = folder_->path("other.db"), away = folder_->path("away.db");
  store(database(), first_uuid);
  auto library = std::make_unique<RunReader>(database());
  QCOMPARE(library->list().size(), std::size_t{1});
  store(other, second_uuid);
  interrupt(other, [&] {
    SQLite::Database writes(other, SQLite::OPEN_READWRITE, 5000);
    writes.exec("PRAGMA wal_autocheckpoint = 0");
    writes.exec("UPDATE runs SET notes = 'of the log'");
  });
  for (const char* part : {"", "-wal", "-shm"}) {
    std::error_code none;  // not all are there
    fs::rename(database() + part, away + part, none);
    fs::rename(other + part, database() + part, none);
  }
  const std::string its_log = content(log());
  QVERIFY(!its_log.empty());
  {
    SQLite::Database another(database(), SQLite::OPEN_READWRITE);
    SharedIndex looks(another);
    QVERIFY(looks.is_there() && looks.lock());
    QElapsedTimer timer;
    timer.start();
    library.reset();
    QVERIFY2(timer.elapsed() < 2500, qPrintable(QString::number(timer.elapsed())));  // others wait for 5 s
    QCOMPARE(content(log()), its_log);
  }
  QVERIFY(said_.empty());
}

void TestLeftLog::check_names_what_was_set_aside() {
  store(database(), first_uuid);
  QVERIFY(check_database_file(database()).notes.empty());
  put(left(), "a log");
  put(left() + "-2", "a second one");
  put(left() + "over", "something else");
  const DatabaseCheck found = check_database_file(database());
  QVERIFY(found.problems.empty());
  QCOMPARE(found.notes.size(), std::size_t{2});
  QVERIFY2(found.notes[0].find(left() + " ") != std::string::npos, found.notes[0].c_str());
  QVERIFY2(found.notes[1].find(left() + "-2 ") != std::string::npos, found.notes[1].c_str());
}

QTEST_GUILESS_MAIN(TestLeftLog)
#include "test_left_log.moc"
