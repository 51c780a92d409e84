// A disk that takes nothing more: rows and checkpoints wait in memory and nothing is lost when there is space
// again. The test starts itself as the program whose files may not grow (RLIMIT_FSIZE, which binds root too).
#include <signal.h>

#include <QtTest>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "engine/files/careful_file.h"
#include "engine/runs/backup.h"
#include "engine/runs/curve_import.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/run_file.h"
#include "engine/runs/side_file.h"
#include "tests/runs/full_disk.h"
#include "tests/support/eventually.h"

using namespace grapevine;

class TestFullDisk : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nothing_is_lost_when_space_returns();
  void nothing_is_lost_on_a_small_disk();
  void rows_go_on_while_only_checkpoints_fail();
  void the_end_does_not_wait_for_ever();
  void a_checkpoint_that_no_place_takes_ends_too();
  void a_full_disk_at_the_start_is_refused();
  void a_full_disk_is_a_failure_and_no_wrong_input();
};

namespace {

int space_returns(const std::string& database, const std::function<void(bool)>& allow) {
  RunWriter writer(database, single());
  post(writer, steps(1, 100));
  CLAIM(eventually([&] { return ask(database, "SELECT count(*) FROM samples") == "100"; }));
  CLAIM(writer.trouble().empty());
  allow(false);
  Observations more = steps(101, 50000);
  more.checkpoints.push_back({{checkpoint_at(50000)}});
  more.events = {event_of(0, 50000, "epoch")};
  post(writer, more);
  CLAIM(eventually([&] { return !writer.trouble().empty(); }));
  CLAIM(writer.rows_waiting() >= 49901);
  post(writer, steps(50001, 50100));  // the session continues meanwhile
  std::cerr << writer.trouble() << std::endl;
  allow(true);
  CLAIM(eventually([&] { return writer.trouble().empty() && writer.rows_waiting() == 0; }));
  writer.finish(RunStatus::finished, "");
  CLAIM(writer.trouble().empty());
  CLAIM(ask(database, "SELECT count(*) || ' ' || max(step) FROM samples") == "50100 50100");
  CLAIM(ask(database, "SELECT count(*) || status FROM events, runs") == "1finished");
  CLAIM(RunReader(database).checkpoint({1}).racers[0].step == 50000);
  CLAIM(ask(database, "PRAGMA integrity_check") == "ok");
  return 0;
}

/// The same on a disk of its own, a real full one: 16 MB, seen by this process alone.
int small_disk(const std::string& database) {
  const std::string folder = std::filesystem::path(database).parent_path();
  if (!mount_disk(folder, 16 << 10)) return 77;
  return space_returns(database, [&](bool space) {
    const std::string ballast = folder + "/ballast";
    if (space) {
      std::filesystem::remove(ballast);
      return;
    }
    std::ofstream file(ballast, std::ios::binary);
    while (file.put('x').flush()) {
      file << std::string(4095, 'x');
    }
  });
}

int checkpoints_fail(const std::string& database) {
  RunWriter writer(database, single());
  // A file where the folder of checkpoints should be; no permission could keep root out.
  const std::string folder = database + "-checkpoints";
  std::filesystem::create_directory(folder);
  std::filesystem::remove(folder);
  { SQLite::Database in_the_way(folder, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE); }
  post_checkpoint(writer, 10);
  CLAIM(eventually([&] { return writer.trouble().find("checkpoint") != std::string::npos; }));
  for (std::int64_t step = 1; step <= 20; ++step) {
    post(writer, steps(step, step));
    CLAIM(eventually([&] { return ask(database, "SELECT max(step) FROM samples") == std::to_string(step); }));
    CLAIM(writer.trouble().find("checkpoint") != std::string::npos);
  }
  std::filesystem::remove(folder);
  CLAIM(eventually([&] { return writer.trouble().empty(); }));
  CLAIM(RunReader(database).checkpoint({1}).racers[0].step == 10);
  return 0;
}

int never_returns(const std::string& database) {
  RunWriter writer(database, single());
  post(writer, steps(1, 100));
  CLAIM(eventually([&] { return ask(database, "SELECT count(*) FROM samples") == "100"; }));
  allow_files_to_grow(false);
  post(writer, steps(101, 50000));
  writer.finish(RunStatus::finished, "");
  std::cerr << writer.trouble() << std::endl;
  CLAIM(writer.trouble().find("49900 rows lost") != std::string::npos);
  allow_files_to_grow(true);
  // What was committed stands; the run is one that was interrupted.
  CLAIM(ask(database, "SELECT count(*) FROM samples") == "100");
  CLAIM(mark_interrupted(database) == 1);
  return 0;
}

/// Rows fit into a file, the checkpoint into none: what is stored is complete, and the end comes.
int large_checkpoint(const std::string& database) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 1 << 20;
  {
    RunWriter writer(database, single());
    CLAIM(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    Observations news = steps(1, 100);
    Checkpoint large = checkpoint_at(100);
    large.arrays["weights/1"] = {"f32", {1 << 20}, std::vector<std::uint8_t>(4 << 20)};
    news.checkpoints.push_back({{large}});
    post(writer, news);
    const auto begin = std::chrono::steady_clock::now();
    writer.finish(RunStatus::finished, "");
    CLAIM(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
    CLAIM(!writer.whole());
    CLAIM(writer.trouble().find("the last checkpoint lost") != std::string::npos);
  }
  allow_files_to_grow(true);
  { RunEditor takes_in(database); }
  CLAIM(side_files_of(database).empty());
  CLAIM(ask(database, "SELECT count(*) || ' ' || max(step) FROM samples") == "100 100");
  CLAIM(ask(database, "SELECT status FROM runs") == "interrupted");
  return 0;
}

/// Whatever is to be written: the input was right and the work failed, so the exit status is 1.
int full_later(const std::string& database) {
  const std::string folder = std::filesystem::path(database).parent_path();
  {
    RunWriter writer(database, single());
    post(writer, steps(1, 100));
    writer.finish(RunStatus::finished, "");
  }
  const std::string curves = folder + "/curves.csv";
  std::ofstream(curves) << "step,train_loss\n1,0.5\n2,0.25\n";
  allow_files_to_grow(false);
  const std::vector<std::pair<const char*, std::function<void()>>> works = {
      {"edit", [&] { RunEditor(database).set_name(1, "another"); }},
      {"delete", [&] { RunEditor(database).remove({1}); }},
      {"backup", [&] { back_up_database(database, folder + "/copy.db"); }},
      {"vacuum", [&] { vacuum_database(database); }},
      {"import", [&] { import_curves(database, curves); }},
      {"export run", [&] { write_run_file(database, single().uuids, folder + "/a.run", false); }},
      {"export csv", [&] { write_carefully(folder + "/a.csv", "step,value"); }}};
  for (const auto& [what, work] : works) {
    const Told told = error_of(work);
    if (told.status != 1) std::cout << what << ": " << told.status << " " << told.words << std::endl;
    CLAIM(told.status == 1);
    CLAIM(told.words.find(folder) != std::string::npos);
    CLAIM(told.words.find(".grapevine-") == std::string::npos);  // a folder that nobody named
  }
  allow_files_to_grow(true);
  CLAIM(ask(database, "SELECT (name = 'another') || deleted || (SELECT count(*) FROM runs) FROM runs") ==
        "001");
  return 0;
}

int full_at_start(const std::string& database) {
  allow_files_to_grow(false);
  const auto [why, status] = error_of([&] { RunWriter(database, single()); });
  std::cerr << why << std::endl;
  CLAIM(status == 1);
  CLAIM(why.find(database) != std::string::npos);
  CLAIM(why.find("--db") != std::string::npos);
  CLAIM(!std::filesystem::exists(database));  // nobody needs an empty one
  return 0;
}

}  // namespace

void TestFullDisk::nothing_is_lost_when_space_returns() {
  run_child("--space-returns");
}
void TestFullDisk::nothing_is_lost_on_a_small_disk() {
  run_child("--small-disk");
}
void TestFullDisk::rows_go_on_while_only_checkpoints_fail() {
  run_child("--checkpoints-fail");
}
void TestFullDisk::the_end_does_not_wait_for_ever() {
  run_child("--never-returns");
}
void TestFullDisk::a_checkpoint_that_no_place_takes_ends_too() {
  run_child("--large-checkpoint");
}
void TestFullDisk::a_full_disk_at_the_start_is_refused() {
  run_child("--full-at-start");
}

void TestFullDisk::a_full_disk_is_a_failure_and_no_wrong_input() {
  run_child("--full-later");
}

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]).starts_with("--")) {
    signal(SIGXFSZ, SIG_IGN);  // then a write beyond the limit fails as on a full disk
    const std::string what = argv[1];
    if (what == "--space-returns") return space_returns(argv[2], allow_files_to_grow);
    if (what == "--small-disk") return small_disk(argv[2]);
    if (what == "--checkpoints-fail") return checkpoints_fail(argv[2]);
    if (what == "--never-returns") return never_returns(argv[2]);
    if (what == "--large-checkpoint") return large_checkpoint(argv[2]);
    if (what == "--full-at-start") return full_at_start(argv[2]);
    if (what == "--full-later") return full_later(argv[2]);
  }
  QCoreApplication application(argc, argv);
  TestFullDisk test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_full_disk.moc"
