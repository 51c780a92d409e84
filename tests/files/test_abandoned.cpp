// What killed programs left goes with the next one's work, and nothing else does: what is in use stays, and
// what bears such a name without being ours.
#include <signal.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "engine/files/abandoned.h"
#include "engine/files/careful_file.h"
#include "engine/files/work_folder.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestAbandoned : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }
  void a_killed_programs_folder_goes();
  void a_folder_in_use_or_anothers_stays();
  void a_killed_programs_file_goes();
  void a_file_in_use_or_anothers_stays();
  void what_is_finished_bears_no_mark();

 private:
  std::string path(const char* name) const { return (folder_->path() + "/" + name).toStdString(); }
  std::set<std::string> left() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(path(""))) names.insert(entry.path().filename().string());
    return names;
  }

  std::unique_ptr<QTemporaryDir> folder_;
};

namespace {

void write(const std::string& path) {
  std::ofstream(path) << "text";
}

/// In a program of its own, which no signal handler ends.
void killed_after(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(1);
  }
  int status = 0;
  QVERIFY(::waitpid(child, &status, 0) == child);
  QVERIFY(WIFSIGNALED(status));
}

/// A file system may know no marks.
bool takes_marks(const std::string& file) {
  write(file);
  const bool taken = ::setxattr(file.c_str(), "user.grapevine.test", "1", 1, 0) == 0;
  fs::remove(file);
  return taken;
}

}  // namespace

void TestAbandoned::a_killed_programs_folder_goes() {
  killed_after([&] {
    const WorkFolder work(path(".work-"));
    fs::create_directories(work.path() / "one" / "two");
    write(work.path() / "one" / "three");
    ::raise(SIGKILL);
  });
  QCOMPARE(left().size(), std::size_t{1});
  remove_abandoned_folders(path(".other-"));
  QCOMPARE(left().size(), std::size_t{1});
  remove_abandoned_folders(path(".work-"));
  QVERIFY(left().empty());
}

void TestAbandoned::a_folder_in_use_or_anothers_stays() {
  const WorkFolder work(path(".work-"));
  fs::create_directory(path(".work-abcdef"));  // somebody's own, without our lock
  write(path(".work-abcdef/text"));
  fs::create_directory_symlink(path(".work-abcdef"), path(".work-ghijkl"));
  write(path(".work-mnopqr"));
  const std::set<std::string> before = left();
  remove_abandoned_folders(path(".work-"));
  QVERIFY(left() == before);
  QVERIFY(fs::exists(path(".work-abcdef/text")));
}

void TestAbandoned::a_killed_programs_file_goes() {
  if (!takes_marks(path("probe"))) QSKIP("this file system has no extended attributes");
  killed_after([&] {
    CarefulFile file(path("result"));
    file.put("half");
    write(file.temporary_name() + "-journal");  // as SQLite does that writes it
    ::raise(SIGKILL);
  });
  QCOMPARE(left().size(), std::size_t{2});
  write_carefully(path("another"), "whole");
  QCOMPARE(left().size(), std::size_t{3});
  write_carefully(path("result"), "whole");
  QVERIFY((left() == std::set<std::string>{"another", "result"}));
}

void TestAbandoned::a_file_in_use_or_anothers_stays() {
  CarefulFile file(path("result"));
  file.put("half");
  write(path("result.abcdefgh"));  // a name that anybody may give
  const std::set<std::string> before = left();
  remove_abandoned_files(path("result"));
  QVERIFY(left() == before);
  // A file that waits for others to be put in place with it holds no lock any more.
  file.close();
  remove_abandoned_files(path("result"));
  QVERIFY(left() == before);
}

void TestAbandoned::what_is_finished_bears_no_mark() {
  write_carefully(path("result"), "whole");
  QVERIFY(::getxattr(path("result").c_str(), "user.grapevine.unfinished", nullptr, 0) < 0);
}

QTEST_GUILESS_MAIN(TestAbandoned)
#include "test_abandoned.moc"
