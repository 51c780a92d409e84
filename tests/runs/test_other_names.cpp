// One database under several names: behind a link it is one for all that lies next to it; with two hard links
// it is used under one name at a time.
#include <sys/wait.h>
#include <unistd.h>

#include <QtTest>
#include <filesystem>

#include "engine/runs/backup.h"
#include "engine/runs/merge.h"
#include "tests/runs/support.h"
#include "tests/support/eventually.h"

using namespace grapevine;
namespace fs = std::filesystem;

namespace {

constexpr const char* uuid = "11111111-0000-4000-8000-000000000001";

Observations some_steps() {
  Observations news;
  for (std::int64_t step = 1; step <= 50; ++step) news.samples.push_back(sample(0, "loss", 0, step, 0.5));
  news.states = {SessionState::running};
  news.step = 50;
  return news;
}

}  // namespace

class TestOtherNames : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_link_is_the_same_database();
  void two_hard_links_are_not_used_at_once();
  void another_programs_name_shows_itself();
  void a_log_next_to_the_other_name_is_not_overlooked();
  void nothing_is_copied_or_merged_onto_itself();
};

void TestOtherNames::a_link_is_the_same_database() {
  const Folder folder;
  const std::string link = folder.path("link.db");
  RunWriter writer(folder.database(), single(uuid));
  fs::create_symlink(folder.database(), link);
  fs::create_directory_symlink(folder.folder.path().toStdString(), folder.path("near"));
  const std::string near = folder.path("near/grapevine.db");
  for (const std::string& name : {link, near}) {
    QVERIFY(eventually([&] { return RunReader(name).list().size() == 1; }));
    QVERIFY(RunReader(name).list().front().status == RunStatus::running);  // its lock is found
    QCOMPARE(mark_interrupted(name), 0);
  }
  QVERIFY(!fs::exists(link + "-wal"));
  post(writer, some_steps());
  writer.finish(RunStatus::stopped, "");
  QVERIFY2(writer.whole() && writer.trouble().empty(), writer.trouble().c_str());
  QCOMPARE(ask(link, "SELECT count(*) FROM samples"), std::string("50"));
}

void TestOtherNames::two_hard_links_are_not_used_at_once() {
  const Folder folder;
  const std::string other = folder.path("other.db"), elsewhere = folder.path("folder/other.db");
  fs::create_directory(folder.path("folder"));
  RunWriter writer(folder.database(), single(uuid));
  fs::create_hard_link(folder.database(), other);
  fs::create_hard_link(folder.database(), elsewhere);
  post(writer, some_steps());
  for (const std::string& name : {other, elsewhere}) {
    for (const std::string& said :
         {refusal([&] { RunReader reader(name); }), refusal([&] { RunEditor editor(name); })}) {
      QVERIFY2(said.find(name) != std::string::npos, said.c_str());
      QVERIFY2(said.find("another name") != std::string::npos, said.c_str());
    }
    QVERIFY(!fs::exists(name + "-wal"));
  }
  // Under its own name it can be used as before, and after that under any.
  QCOMPARE(RunReader(folder.database()).list().size(), std::size_t{1});
  writer.finish(RunStatus::stopped, "");
  QVERIFY2(writer.whole() && writer.trouble().empty(), writer.trouble().c_str());
  for (const std::string& name : {other, elsewhere, folder.database()})
    QCOMPARE(RunReader(name).list().front().uuid, std::string(uuid));
  QCOMPARE(ask(elsewhere, "SELECT count(*) FROM samples"), std::string("50"));
}

void TestOtherNames::another_programs_name_shows_itself() {
  const Folder folder;
  const std::string elsewhere = folder.path("folder/other.db");
  RunWriter(folder.database(), single(uuid)).finish(RunStatus::stopped, "");
  fs::create_directory(folder.path("folder"));
  fs::create_hard_link(folder.database(), elsewhere);
  int to_child[2], to_us[2];
  QVERIFY(::pipe(to_child) == 0 && ::pipe(to_us) == 0);
  const pid_t program = ::fork();
  if (program == 0) {  // an idle one, with nothing in its log
    RunReader reader(folder.database());
    char word = reader.list().size() == 1 ? 'y' : 'n';
    const bool told = ::write(to_us[1], &word, 1) == 1;
    ::close(to_child[1]);
    ::_exit(told && ::read(to_child[0], &word, 1) == 0 ? 0 : 1);
  }
  ::close(to_child[0]);
  char word = 'n';
  QVERIFY(::read(to_us[0], &word, 1) == 1 && word == 'y');
  const std::string said = refusal([&] { RunEditor editor(elsewhere); });
  QVERIFY2(said.find("another name") != std::string::npos, said.c_str());
  ::close(to_child[1]);
  int status = -1;
  QCOMPARE(::waitpid(program, &status, 0), program);
  QCOMPARE(status, 0);
  RunEditor editor(elsewhere);
  for (const int end : {to_us[0], to_us[1]}) ::close(end);
}

void TestOtherNames::a_log_next_to_the_other_name_is_not_overlooked() {
  const Folder folder;
  const std::string other = folder.path("other.db"), log = folder.database() + "-wal";
  RunWriter(folder.database(), single(uuid)).finish(RunStatus::stopped, "");
  {
    SQLite::Database writes(folder.database(), SQLite::OPEN_READWRITE, 5000);
    writes.exec("UPDATE runs SET notes = 'in the log alone'");
    fs::copy_file(log, folder.path("kept"));
    fs::copy_file(folder.database(), other);
  }
  fs::rename(other, folder.database());  // as a program leaves it that was killed before its log was moved
  fs::rename(folder.path("kept"), log);
  fs::create_hard_link(folder.database(), other);
  const std::string said = refusal([&] { RunEditor editor(other); });
  QVERIFY2(said.find(folder.database()) != std::string::npos, said.c_str());
  QCOMPARE(RunReader(folder.database()).list().front().notes, std::string("in the log alone"));
  QCOMPARE(RunReader(other).list().front().notes, std::string("in the log alone"));
}

void TestOtherNames::nothing_is_copied_or_merged_onto_itself() {
  const Folder folder;
  RunWriter(folder.database(), single(uuid)).finish(RunStatus::stopped, "");
  fs::create_symlink(folder.database(), folder.path("link.db"));
  fs::create_hard_link(folder.database(), folder.path("hard.db"));
  fs::create_directory_symlink(folder.folder.path().toStdString(), folder.path("same"));
  for (const char* name : {"grapevine.db", "link.db", "hard.db", "same/grapevine.db"}) {
    const std::string onto = folder.path(name);
    QVERIFY2(refusal([&] { back_up_database(folder.database(), onto); }).find("itself") != std::string::npos,
             name);
    QVERIFY2(refusal([&] { merge_database(folder.database(), onto); }).find("itself") != std::string::npos,
             name);
  }
  QCOMPARE(RunReader(folder.database()).list().size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestOtherNames)
#include "test_other_names.moc"
