// A signal that ends the program takes along what is unfinished, whatever it stands in, and nothing else; the
// program ends by that signal.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/files/unfinished.h"
#include "engine/files/work_folder.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestUnfinished : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void a_signal_takes_it_along_data();
  void a_signal_takes_it_along();
  void however_much_it_is();
  void what_is_done_stays();
  void an_ignored_signal_stays_ignored();
  void a_relative_name_is_meant_where_it_was_given();
  void a_limit_on_sizes_is_an_error_of_writing();

 private:
  std::string path(const std::string& name) const { return folder_->path().toStdString() + "/" + name; }
  std::set<std::string> left() const;
  std::unique_ptr<QTemporaryDir> folder_;
};

namespace {

void write(const fs::path& file) {
  std::ofstream(file) << "half";
}

/// What a process of its own comes to (waitpid's status).
int end_of(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
      struct sigaction now {};  // QtTest has handlers of its own
      ::sigaction(number, nullptr, &now);
      if (now.sa_handler != SIG_IGN) ::signal(number, SIG_DFL);
    }
    try {
      end_without_remains();
      work();
    } catch (...) {
      ::_exit(99);
    }
    ::_exit(0);
  }
  int status = -1;
  if (child > 0) ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

void TestUnfinished::init() {
  folder_ = std::make_unique<QTemporaryDir>();
}

std::set<std::string> TestUnfinished::left() const {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(path("")))
    names.insert(fs::relative(entry.path(), path("")).string());
  return names;
}

void TestUnfinished::a_signal_takes_it_along_data() {
  QTest::addColumn<int>("number");
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) QTest::newRow(strsignal(number)) << number;
}

void TestUnfinished::a_signal_takes_it_along() {
  QFETCH(int, number);
  write(path("theirs"));
  const int status = end_of([&] {
    CarefulFile file(path("result"));
    file.put("half");
    write(file.temporary_name() + "-journal");  // as SQLite does that writes it
    const WorkFolder work(path(".work-"));
    fs::create_directories(work.path() / "one" / "two");
    write(work.path() / "one" / "two" / "three");
    for (int i = 0; i < 300; ++i) write(work.path() / "one" / ("a name of some length " + std::to_string(i)));
    fs::create_symlink(path("theirs"), work.path() / "link");
    fs::create_directory_symlink(path(""), work.path() / "folder");
    ::raise(number);
  });
  QVERIFY(WIFSIGNALED(status));
  QCOMPARE(WTERMSIG(status), number);
  QCOMPARE(left(), std::set<std::string>{"theirs"});
}

// As the states of a large race.
void TestUnfinished::however_much_it_is() {
  const int status = end_of([&] {
    std::vector<std::unique_ptr<CarefulFile>> files;
    for (int i = 0; i < 200; ++i) {
      files.push_back(std::make_unique<CarefulFile>(path("result" + std::to_string(i))));
      if (i % 2 == 0) files.front().reset();  // places that become free are taken again
    }
    ::raise(SIGINT);
  });
  QVERIFY(WIFSIGNALED(status));
  QVERIFY(left().empty());
}

void TestUnfinished::what_is_done_stays() {
  const int status = end_of([&] {
    CarefulFile file(path("result"));
    file.put("whole");
    file.place();
    { const WorkFolder gone(path(".work-")); }
    const Unfinished none;
    ::raise(SIGTERM);
  });
  QVERIFY(WIFSIGNALED(status));
  QCOMPARE(left(), std::set<std::string>{"result"});
}

void TestUnfinished::an_ignored_signal_stays_ignored() {
  struct sigaction before {};
  struct sigaction ignored {};
  ignored.sa_handler = SIG_IGN;
  sigaction(SIGHUP, &ignored, &before);  // as nohup does
  const int status = end_of([&] {
    CarefulFile file(path("result"));
    ::raise(SIGHUP);
    file.place();
  });
  sigaction(SIGHUP, &before, nullptr);
  QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  QCOMPARE(left(), std::set<std::string>{"result"});
}

void TestUnfinished::a_relative_name_is_meant_where_it_was_given() {
  const int status = end_of([&] {
    fs::create_directory(path("inside"));
    fs::current_path(path("inside"));
    CarefulFile file("result");
    const WorkFolder work(".work-");
    write(work.path() / "one");
    fs::current_path("/");
    ::raise(SIGINT);
  });
  QVERIFY(WIFSIGNALED(status));
  QCOMPARE(left(), std::set<std::string>{"inside"});
}

void TestUnfinished::a_limit_on_sizes_is_an_error_of_writing() {
  const int status = end_of([&] {
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_carefully(path("result"), std::string(5000, 'x'));
    } catch (const RunError&) {
      ::_exit(7);
    }
  });
  QVERIFY(WIFEXITED(status));
  QCOMPARE(WEXITSTATUS(status), 7);
  QVERIFY(left().empty());
}

QTEST_GUILESS_MAIN(TestUnfinished)
#include "test_unfinished.moc"
