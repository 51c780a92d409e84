// What a beginning that failed has made goes again, as far as it came.
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

QTEST_APPLESS_MAIN(TestNewDatabase)
#include "test_new_database.moc"
