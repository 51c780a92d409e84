// What a beginning that failed has made goes again, as far as it came.
#include <sys/stat.h>

#include <QtTest>
#include <filesystem>
#include <fstream>

#include "engine/runs/new_database.h"
#include "tests/runs/support.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestNewDatabase : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_folders_that_were_made_go_as_far_as_they_are_there();
  void a_folder_that_somebody_else_uses_stays();
  void what_is_kept_stays();
  void a_log_that_was_left_there_is_set_aside();
  void what_lies_next_to_it_and_is_no_file_is_refused();
};

void TestNewDatabase::the_folders_that_were_made_go_as_far_as_they_are_there() {
  const Folder folder;
  {
    const NewDatabase made(folder.path("a/b/c/runs.db"));
    fs::create_directories(folder.path("a/b"));  // then the disk was full
  }
  QVERIFY(!fs::exists(folder.path("a")));
}

void TestNewDatabase::a_folder_that_somebody_else_uses_stays() {
  const Folder folder;
  {
    const NewDatabase made(folder.path("a/b/c/runs.db"));
    fs::create_directories(folder.path("a/b/c"));
    std::ofstream(folder.path("a/theirs")) << "x";
  }
  QVERIFY(!fs::exists(folder.path("a/b")));
  QVERIFY(fs::exists(folder.path("a/theirs")));
}

void TestNewDatabase::what_is_kept_stays() {
  const Folder folder;
  {
    NewDatabase made(folder.path("a/runs.db"));
    fs::create_directories(folder.path("a"));
    std::ofstream(folder.path("a/runs.db")) << "x";
    made.keep();
  }
  QVERIFY(fs::exists(folder.path("a/runs.db")));
}

// All that is left of a database that was moved without it; SQLite would delete it.
void TestNewDatabase::a_log_that_was_left_there_is_set_aside() {
  const Folder folder;
  const std::string log = folder.database() + "-wal";
  for (const char* aside : {".left", ".left-2"}) {
    std::ofstream(log) << aside;
    { RunWriter(folder.database(), single()); }
    std::string kept;
    std::ifstream(log + aside) >> kept;
    QCOMPARE(kept, std::string(aside));
    QVERIFY(!fs::exists(log));
    QVERIFY(fs::remove(folder.database()));
  }
}

// To open a pipe is to wait for its other end.
void TestNewDatabase::what_lies_next_to_it_and_is_no_file_is_refused() {
  const Folder folder;
  { RunWriter(folder.database(), single()); }
  for (const char* ending : {"-journal", "-wal", "-shm"}) {
    const std::string next = folder.database() + ending;
    QCOMPARE(mkfifo(next.c_str(), 0600), 0);
    for (const bool writing : {false, true}) {
      std::string words;
      try {
        if (writing)
          RunWriter(folder.database(), single("22222222-0000-4000-8000-000000000002"));
        else
          RunReader(folder.database());
      } catch (const InputError& error) {
        words = error.what();
      }
      QVERIFY2(words.find(next + " next to it is not a file") != std::string::npos, words.c_str());
    }
    QVERIFY(fs::remove(next));
  }
  QCOMPARE(RunReader(folder.database()).list().size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestNewDatabase)
#include "test_new_database.moc"
