// Files that can't be used are refused in one sentence and left as they were; older ones are copied and
// brought up to date.
#include <unistd.h>

#include <QCoreApplication>
#include <QProcess>
#include <QtTest>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine/runs/database.h"
#include "tests/runs/support.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestDatabase : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_missing_one_is_not_made_by_reading();
  void a_newer_one_is_refused();
  void a_file_that_is_none_is_refused();
  void a_strangers_is_refused();
  void a_path_that_can_not_be();
  void a_read_only_folder();
  void an_older_one_is_copied_then_migrated();
  void begun_copies_of_killed_programs_are_removed();
  void a_migration_that_fails_leaves_all_as_it_was();
  void several_programs_migrate_at_once();
  void several_programs_make_it_at_once();
  void the_settings_of_the_file();
  void comments_are_in_the_file();
};

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

bool says(const std::string& text, const char* part) {
  if (text.find(part) != std::string::npos) return true;
  qWarning("'%s' is missing in: %s", part, text.c_str());
  return false;
}

/// Every door to a database says no with `part`, and the file stays byte for byte what it was.
void refused_everywhere(const std::string& path, const char* part) {
  const std::string before = bytes_of(path);
  QVERIFY(says(refusal([&] { RunWriter(path, single()); }), part));
  QVERIFY(says(refusal([&] { RunReader reader(path); }), part));
  QVERIFY(says(refusal([&] { RunEditor editor(path); }), part));
  QVERIFY(says(refusal([&] { mark_interrupted(path); }), part));
  QVERIFY(says(refusal([&] { RunReader reader(path); }), path.c_str()));
  QVERIFY(bytes_of(path) == before);
}

std::vector<Migration> history_with(const char* sql) {
  auto history = migrations();
  history.push_back({history.back().to + 1, sql});
  return history;
}

/// In the child: as a user whom permissions bind, see what a folder without write permission allows.
int look_into_read_only_folder(const std::string& path) {
  if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) return 77;
  if (access(path.c_str(), R_OK) != 0 && euidaccess(path.c_str(), R_OK) != 0) return 77;
  if (euidaccess(fs::path(path).parent_path().c_str(), W_OK) == 0) return 78;
  if (RunReader(path).list().size() != 1) return 1;
  if (RunReader(path).list()[0].status != RunStatus::interrupted) return 2;
  if (mark_interrupted(path) != 0) return 3;
  const std::string no = refusal([&] { RunWriter(path, single("99999999-0000-4000-8000-000000000009")); });
  if (no.find(path) == std::string::npos || no.find("--db") == std::string::npos) return 4;
  return 0;
}

}  // namespace

void TestDatabase::a_missing_one_is_not_made_by_reading() {
  Folder folder;
  QVERIFY(!database_exists(folder.database()));
  QVERIFY(says(refusal([&] { RunReader reader(folder.database()); }), "there is no database"));
  QVERIFY(says(refusal([&] { RunEditor editor(folder.database()); }), "there is no database"));
  QCOMPARE(mark_interrupted(folder.database()), 0);
  QVERIFY(fs::is_empty(folder.folder.path().toStdString()));
  // An empty file is a library without runs too; a writer makes a database of it.
  std::ofstream(folder.database()).close();
  QVERIFY(!database_exists(folder.database()));
  QVERIFY(says(refusal([&] { RunReader reader(folder.database()); }), "holds no runs"));
  { RunWriter writer(folder.database(), single()); }
  QVERIFY(database_exists(folder.database()));
}

void TestDatabase::a_newer_one_is_refused() {
  Folder folder;
  { RunWriter writer(folder.database(), single()); }
  const int newest = migrations().back().to;
  tell(folder.database(), "PRAGMA user_version = " + std::to_string(newest + 1));
  refused_everywhere(folder.database(), "newer");
  QVERIFY(says(refusal([&] { RunReader reader(folder.database()); }),
               ("version " + std::to_string(newest + 1)).c_str()));
}

void TestDatabase::a_file_that_is_none_is_refused() {
  Folder folder;
  std::ofstream(folder.database()) << std::string(5000, 'x');
  refused_everywhere(folder.database(), "not a database");
}

void TestDatabase::a_strangers_is_refused() {
  Folder folder;
  tell(folder.database(), "CREATE TABLE recipes (name TEXT)");
  refused_everywhere(folder.database(), "another program");
}

void TestDatabase::a_path_that_can_not_be() {
  Folder folder;
  std::ofstream(folder.path("file")) << "text";
  // Binds root too: nothing can be made below a plain file, nor where a folder lies.
  const std::string below = folder.path("file") + "/grapevine.db";
  QVERIFY(says(refusal([&] { RunWriter(below, single()); }), below.substr(0, below.rfind('/')).c_str()));
  QVERIFY(says(refusal([&] { RunReader reader(below); }), "there is no database"));
  const std::string directory = folder.folder.path().toStdString();
  QVERIFY(says(refusal([&] { RunWriter(directory, single()); }), "is a folder"));
  // Folders that are missing are made.
  const std::string deep = folder.path("a/b/c.db");
  { RunWriter writer(deep, single()); }
  QCOMPARE(RunReader(deep).list().size(), std::size_t(1));
}

void TestDatabase::a_read_only_folder() {
  Folder folder;
  const fs::path inside = folder.path("library");
  fs::create_directory(inside);
  const std::string path = inside / "grapevine.db";
  {
    RunWriter writer(path, single());
    writer.finish(RunStatus::finished, "");
  }
  tell(path, "UPDATE runs SET status = 'running'");  // as a killed program leaves it
  fs::remove_all(inside / "grapevine.db-locks");
  fs::permissions(folder.folder.path().toStdString(), fs::perms(0755));
  fs::permissions(path, fs::perms(0444));
  fs::permissions(inside, fs::perms(0555));
  QProcess child;
  child.setProcessChannelMode(QProcess::ForwardedChannels);
  // The leak sanitizer can't look into a process that has changed its user.
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("ASAN_OPTIONS", environment.value("ASAN_OPTIONS") + ":detect_leaks=0");
  child.setProcessEnvironment(environment);
  child.start(QCoreApplication::applicationFilePath(), {"--read-only", QString::fromStdString(path)});
  QVERIFY(child.waitForFinished());
  const int status = child.exitCode();
  const std::size_t entries = std::distance(fs::directory_iterator(inside), fs::directory_iterator());
  fs::permissions(inside, fs::perms(0755));
  if (status == 77) QSKIP("no user here whom permissions bind can reach the temporary folder");
  if (status == 78) QSKIP("this file system does not keep anyone from writing");
  QCOMPARE(child.exitStatus(), QProcess::NormalExit);
  QCOMPARE(status, 0);
  QCOMPARE(entries, std::size_t(1));  // nothing was left behind
}

void TestDatabase::an_older_one_is_copied_then_migrated() {
  Folder folder;
  { RunWriter writer(folder.database(), single()); }
  const int old = migrations().back().to;
  // The next version of the program, as far as the file is concerned.
  {
    open_for_writing(folder.database(), history_with("ALTER TABLE runs ADD COLUMN mood TEXT DEFAULT 'good'"));
  }
  QCOMPARE(ask(folder.database(), "PRAGMA user_version"), std::to_string(old + 1));
  QCOMPARE(ask(folder.database(), "SELECT mood FROM runs"), std::string("good"));
  const std::string copy = folder.database() + ".before-version-" + std::to_string(old + 1);
  QCOMPARE(ask(copy, "PRAGMA user_version"), std::to_string(old));
  QCOMPARE(ask(copy, "SELECT uuid FROM runs"), single().uuids[0]);
  QCOMPARE(ask(copy, "SELECT count(*) FROM pragma_table_info('runs') WHERE name = 'mood'"), std::string("0"));
  QCOMPARE(RunReader(copy).list().size(), std::size_t(1));
}

// A kill in the middle of a copy leaves its beginning, under a name that only the program gives; what anybody
// else named so, or put there, stays.
void TestDatabase::begun_copies_of_killed_programs_are_removed() {
  Folder folder;
  { RunWriter writer(folder.database(), single()); }
  const std::string copy =
      folder.database() + ".before-version-" + std::to_string(migrations().back().to + 1);
  const auto write = [](const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
  };
  std::ifstream whole(folder.database(), std::ios::binary);
  std::string page(4096, '\0');
  whole.read(page.data(), 4096);
  const std::vector<std::string> ours = {".aaaaaaa1", ".aaaaaaa2", ".aaaaaaa3", ".aaaaaaa3-journal"};
  write(copy + ours[0], "");
  write(copy + ours[1], std::string(5000, '\0'));
  write(copy + ours[2], page);
  write(copy + ours[3], "half");
  const std::vector<std::string> theirs = {".aaaaaaa4", ".aaaaaaa", ".AAAAAAA5", ".aaaaaaaa6"};
  for (const std::string& name : theirs) write(copy + name, "a text of somebody's");
  std::filesystem::create_symlink(folder.database(), copy + ".aaaaaaa7");
  std::filesystem::copy_file(folder.database(), copy + ".original");  // a copy of somebody's, and whole
  open_for_writing(folder.database(), history_with("ALTER TABLE runs ADD COLUMN mood TEXT"));
  for (const std::string& name : ours) QVERIFY2(!std::filesystem::exists(copy + name), name.c_str());
  for (const std::string& name : theirs) QVERIFY2(std::filesystem::exists(copy + name), name.c_str());
  QVERIFY(std::filesystem::is_symlink(copy + ".aaaaaaa7"));
  QVERIFY(std::filesystem::exists(copy + ".original"));
  QCOMPARE(ask(folder.database(), "PRAGMA user_version"), std::to_string(migrations().back().to + 1));
}

void TestDatabase::a_migration_that_fails_leaves_all_as_it_was() {
  Folder folder;
  { RunWriter writer(folder.database(), single()); }
  const auto broken =
      history_with("ALTER TABLE runs ADD COLUMN mood TEXT; INSERT INTO no_such_table VALUES (1)");
  QVERIFY(says(refusal([&] { open_for_writing(folder.database(), broken); }), "no_such_table"));
  QCOMPARE(ask(folder.database(), "PRAGMA user_version"), std::to_string(migrations().back().to));
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM pragma_table_info('runs') WHERE name = 'mood'"),
           std::string("0"));
  QCOMPARE(RunReader(folder.database()).list().size(), std::size_t(1));
}

void TestDatabase::several_programs_migrate_at_once() {
  Folder folder;
  { RunWriter writer(folder.database(), single()); }
  const auto next = history_with("CREATE TABLE moods (mood TEXT); INSERT INTO moods VALUES ('good')");
  std::vector<std::thread> programs;
  std::atomic<int> refused{0};
  for (int i = 0; i < 4; ++i) {
    programs.emplace_back([&] {
      if (!refusal([&] { open_for_writing(folder.database(), next); }).empty()) ++refused;
    });
  }
  for (std::thread& program : programs) program.join();
  QCOMPARE(refused.load(), 0);
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM moods"), std::string("1"));
}

void TestDatabase::several_programs_make_it_at_once() {
  for (int round = 0; round < 10; ++round) {
    Folder folder;
    std::vector<std::thread> programs;
    std::vector<std::string> words(4);
    for (int i = 0; i < 4; ++i) {
      programs.emplace_back([&, i] {
        const std::string uuid = "0000000" + std::to_string(i) + "-0000-4000-8000-000000000000";
        words[i] = refusal([&] { RunWriter writer(folder.database(), single(uuid.c_str())); });
      });
    }
    for (std::thread& program : programs) program.join();
    for (const std::string& word : words) QVERIFY2(word.empty(), word.c_str());
    QCOMPARE(RunReader(folder.database()).list().size(), std::size_t(4));
  }
}

void TestDatabase::the_settings_of_the_file() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  QCOMPARE(ask(folder.database(), "PRAGMA journal_mode"), std::string("wal"));
  QCOMPARE(ask(folder.database(), "PRAGMA user_version"), std::to_string(migrations().back().to));
  QCOMPARE(ask(folder.database(), "PRAGMA application_id"), std::to_string(0x47525056));
  QCOMPARE(ask(folder.database(), "PRAGMA foreign_key_check"), std::string());
  QCOMPARE(ask(folder.database(),
               "SELECT count(*) FROM sqlite_master WHERE name IN "
               "('runs', 'series', 'samples', 'events', 'commands', 'checkpoints', 'meta', 'queue', "
               "'run_values')"),
           std::string("9"));
}

void TestDatabase::comments_are_in_the_file() {
  Folder folder;
  { RunWriter writer(folder.database(), single()); }
  QCOMPARE(
      ask(folder.database(),
          "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql LIKE "
          "'%--%'"),
      std::string("9"));
}

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "--read-only") return look_into_read_only_folder(argv[2]);
  QCoreApplication application(argc, argv);
  TestDatabase test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_database.moc"
