// Checkpoints: the file, the set of a race that counts as a whole, what happens when a file is damaged.
#include <sqlite3.h>

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "engine/runs/checkpoint_file.h"
#include "engine/runs/checkpoint_store.h"
#include "tests/runs/support.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestCheckpoints : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_file_comes_back_bit_for_bit();
  void a_damaged_file_is_refused_data();
  void a_damaged_file_is_refused();
  void the_row_describes_the_file();
  void a_race_is_stored_at_one_step();
  void a_damaged_file_falls_back_for_all_racers();
  void none_that_is_whole();
  void two_are_kept();
  void a_set_made_anew_takes_the_place_of_the_first();
  void leftovers_of_a_crash_go_when_the_run_is_resumed();
  void samples_before_a_checkpoint_are_stored_before_it();
  void only_the_latest_of_those_that_wait_is_written();
  void a_set_is_written_whole_or_not_at_all();
  void a_large_race_costs_a_racer_no_more_than_a_small_one();
};

namespace {

std::string checkpoint_folder(const Folder& folder) {
  return folder.path("grapevine.db-checkpoints");
}

/// But for the one that says whose folder it is.
int files_in(const std::string& folder) {
  return static_cast<int>(
      std::count_if(fs::directory_iterator(folder), fs::directory_iterator(),
                    [](const auto& file) { return file.path().filename() != "database-id"; }));
}

std::string file_of(const Folder& folder, std::int64_t run, std::int64_t step) {
  return folder.path(ask(folder.database(), "SELECT file FROM checkpoints WHERE run = " +
                                                std::to_string(run) + " AND step = " + std::to_string(step))
                         .c_str());
}

void overwrite(const std::string& path, std::streamoff at, char with) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(at);
  file.put(with);
}

void wait_for_checkpoint(const Folder& folder, std::int64_t step) {
  QTRY_COMPARE(ask(folder.database(), "SELECT max(step) FROM checkpoints"), std::to_string(step));
}

}  // namespace

void TestCheckpoints::a_file_comes_back_bit_for_bit() {
  Folder folder;
  Checkpoint checkpoint;
  checkpoint.step = 12345678901;
  checkpoint.epoch = 0.1;  // not representable: the bits count
  checkpoint.seconds = 1e-300;
  checkpoint.arrays["weights/1.0.weight"] = {"f32", {2, 1}, {1, 2, 3, 4, 255, 254, 253, 0}};
  checkpoint.arrays["generator/batches"] = {"u8", {3}, {0, 10, 13}};
  checkpoint.arrays["feedback/ü\n"] = {"i64", {0, 5}, {}};
  checkpoint.numbers["third"] = 1.0 / 3;
  checkpoint.numbers["none"] = std::nan("");
  checkpoint.numbers["endless"] = -std::numeric_limits<double>::infinity();
  const CheckpointFile file = write_checkpoint(folder.path("a.checkpoint"), checkpoint);
  QCOMPARE(file.size, static_cast<std::int64_t>(fs::file_size(file.path)));
  const Checkpoint back = read_checkpoint(file);
  QCOMPARE(back.step, checkpoint.step);
  QCOMPARE(back.epoch, 0.1);
  QCOMPARE(back.seconds, 1e-300);
  QCOMPARE(back.arrays.size(), std::size_t(3));
  for (const auto& [name, array] : checkpoint.arrays) {
    QVERIFY(back.arrays.at(name).type == array.type);
    QVERIFY(back.arrays.at(name).shape == array.shape);
    QVERIFY(back.arrays.at(name).bytes == array.bytes);
  }
  QCOMPARE(back.numbers.size(), std::size_t(3));
  QCOMPARE(std::memcmp(&back.numbers.at("third"), &checkpoint.numbers.at("third"), sizeof(double)), 0);
  QVERIFY(std::isnan(back.numbers.at("none")));
  QCOMPARE(back.numbers.at("endless"), -std::numeric_limits<double>::infinity());
  QCOMPARE(files_in(folder.folder.path().toStdString()), 1);  // no temporary file is left
}

void TestCheckpoints::a_damaged_file_is_refused_data() {
  QTest::addColumn<int>("damage");
  QTest::newRow("missing") << 0;
  QTest::newRow("cut short") << 1;
  QTest::newRow("a byte changed in the arrays") << 2;
  QTest::newRow("a byte changed in the header") << 3;
  QTest::newRow("another file with a right sum") << 4;
}

void TestCheckpoints::a_damaged_file_is_refused() {
  QFETCH(int, damage);
  Folder folder;
  CheckpointFile file = write_checkpoint(folder.path("a.checkpoint"), checkpoint_at(5));
  if (damage == 0) fs::remove(file.path);
  if (damage == 1) fs::resize_file(file.path, file.size - 1);
  if (damage == 2) overwrite(file.path, file.size - 1, 77);
  if (damage == 3) overwrite(file.path, 20, '#');
  if (damage == 4) {
    std::ofstream(file.path, std::ios::binary) << "abc";
    file.size = 3;
    // FIPS 180-2, the example of one block.
    file.sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  }
  const std::string why = refusal([&] { read_checkpoint(file); });
  QVERIFY2(why.find(file.path) != std::string::npos, why.c_str());
}

void TestCheckpoints::the_row_describes_the_file() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  post_checkpoint(writer, 400);
  writer.finish(RunStatus::stopped, "");
  const std::string file = file_of(folder, 1, 400);
  QVERIFY(fs::exists(file));
  QCOMPARE(ask(folder.database(), "SELECT size FROM checkpoints"), std::to_string(fs::file_size(file)));
  QProcess sum;  // another program's word on the sum
  sum.start("sha256sum", {QString::fromStdString(file)});
  QVERIFY(sum.waitForFinished());
  QCOMPARE(ask(folder.database(), "SELECT sha256 FROM checkpoints"), sum.readAll().left(64).toStdString());
  // The folder can be moved with the database.
  const std::string elsewhere = folder.path("moved");
  fs::create_directory(elsewhere);
  fs::rename(folder.database(), elsewhere + "/grapevine.db");
  fs::rename(checkpoint_folder(folder), elsewhere + "/grapevine.db-checkpoints");
  QCOMPARE(RunReader(elsewhere + "/grapevine.db").checkpoint({1}).racers[0].step, 400);
}

void TestCheckpoints::a_race_is_stored_at_one_step() {
  Folder folder;
  RunWriter writer(folder.database(), race_of_two());
  Observations news;
  news.checkpoints.push_back({{checkpoint_at(100, 1.5f), checkpoint_at(100, 2.5f)}});
  post(writer, news);
  writer.finish(RunStatus::stopped, "");
  RunReader reader(folder.database());
  const CheckpointSet set = reader.checkpoint(writer.ids());
  QCOMPARE(set.racers.size(), std::size_t(2));
  QVERIFY(set.racers[0].arrays.at("weights/1").bytes ==
          checkpoint_at(100, 1.5f).arrays.at("weights/1").bytes);
  QVERIFY(set.racers[1].arrays.at("weights/1").bytes ==
          checkpoint_at(100, 2.5f).arrays.at("weights/1").bytes);
  QVERIFY(reader.list()[0].resumable);
}

void TestCheckpoints::a_damaged_file_falls_back_for_all_racers() {
  Folder folder;
  RunWriter writer(folder.database(), race_of_two());
  for (const std::int64_t step : {100, 200}) {
    post_checkpoint(writer, step, 2);
    wait_for_checkpoint(folder, step);
  }
  writer.finish(RunStatus::stopped, "");
  RunReader reader(folder.database());
  QCOMPARE(reader.checkpoint({1, 2}).racers[0].step, 200);
  overwrite(file_of(folder, 2, 200), 60, '#');
  for (const Checkpoint& racer : reader.checkpoint({1, 2}).racers) QCOMPARE(racer.step, 100);
  QCOMPARE(reader.checkpoint({1}).racers[0].step, 200);  // alone, the first is whole
}

void TestCheckpoints::none_that_is_whole() {
  Folder folder;
  RunWriter writer(folder.database(), race_of_two());
  RunReader reader(folder.database());
  QVERIFY(reader.checkpoint({1, 2}).racers.empty());  // none was written: the start is known
  post_checkpoint(writer, 100, 2);
  writer.finish(RunStatus::stopped, "");
  const std::string file = file_of(folder, 1, 100);
  overwrite(file, 60, '#');
  const std::string why = refusal([&] { reader.checkpoint({1, 2}); });
  QVERIFY2(why.find(file) != std::string::npos && why.find("damaged") != std::string::npos, why.c_str());
  QVERIFY(!refusal([&] { RunWriter(folder.database(), resumed(race_of_two(), {1, 2})); }).empty());
  QCOMPARE(ask(folder.database(), "SELECT status FROM runs"), std::string("stopped"));
}

void TestCheckpoints::two_are_kept() {
  Folder folder;
  RunWriter writer(folder.database(), race_of_two());
  for (const std::int64_t step : {100, 200, 300, 400}) {
    post_checkpoint(writer, step, 2);
    wait_for_checkpoint(folder, step);
  }
  writer.finish(RunStatus::stopped, "");
  QCOMPARE(ask(folder.database(),
               "SELECT group_concat(step) FROM (SELECT step FROM checkpoints ORDER BY run, step)"),
           std::string("300,400,300,400"));
  QCOMPARE(files_in(checkpoint_folder(folder)), 4);
}

void TestCheckpoints::a_set_made_anew_takes_the_place_of_the_first() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  post_checkpoint(writer, 100);
  wait_for_checkpoint(folder, 100);
  const std::string before = file_of(folder, 1, 100);
  Observations news;
  news.checkpoints.push_back({{checkpoint_at(100, 9.0f)}});
  post(writer, news);
  writer.finish(RunStatus::stopped, "");
  QVERIFY(file_of(folder, 1, 100) != before);  // until the row says otherwise the first one is untouched
  QVERIFY(!fs::exists(before));
  const CheckpointSet set = RunReader(folder.database()).checkpoint({1});
  QVERIFY(set.racers[0].arrays.at("weights/1").bytes ==
          checkpoint_at(100, 9.0f).arrays.at("weights/1").bytes);
  QCOMPARE(files_in(checkpoint_folder(folder)), 1);
}

void TestCheckpoints::leftovers_of_a_crash_go_when_the_run_is_resumed() {
  Folder folder;
  std::vector<std::int64_t> ids;
  {
    RunWriter writer(folder.database(), single());
    post_checkpoint(writer, 100);
    writer.finish(RunStatus::stopped, "");
    ids = writer.ids();
  }
  const std::string start = checkpoint_folder(folder) + "/" + single().uuids[0];
  std::ofstream(start + "-step-200.checkpoint.tmp") << "half";
  std::ofstream(start + "-step-200.checkpoint") << "whole, but no row was committed";
  std::ofstream(checkpoint_folder(folder) + "/ffffffff-step-1.checkpoint") << "of another run";
  { RunWriter writer(folder.database(), resumed(single(), ids)); }
  QVERIFY(!fs::exists(start + "-step-200.checkpoint.tmp"));
  QVERIFY(!fs::exists(start + "-step-200.checkpoint"));
  QVERIFY(fs::exists(file_of(folder, 1, 100)));
  QCOMPARE(files_in(checkpoint_folder(folder)), 2);
}

void TestCheckpoints::samples_before_a_checkpoint_are_stored_before_it() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  for (std::int64_t step = 100; step <= 2000; step += 100) {
    Observations news;
    for (std::int64_t s = step - 99; s <= step; ++s) news.samples.push_back(sample(0, "loss", 0, s, 1));
    news.checkpoints.push_back({{checkpoint_at(step)}});
    post(writer, news);
    // In one statement, so at one moment: no checkpoint is ahead of the samples.
    QCOMPARE(ask(folder.database(),
                 "SELECT coalesce((SELECT max(step) FROM checkpoints), 0) > coalesce((SELECT max(step) FROM "
                 "samples), 0)"),
             std::string("0"));
    QTest::qWait(5);
  }
  writer.finish(RunStatus::stopped, "");
  QCOMPARE(ask(folder.database(), "SELECT max(step) FROM checkpoints"), std::string("2000"));
}

void TestCheckpoints::only_the_latest_of_those_that_wait_is_written() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  Observations news;
  for (std::int64_t step = 1; step <= 50; ++step) news.checkpoints.push_back({{checkpoint_at(step)}});
  post(writer, news);
  writer.finish(RunStatus::stopped, "");
  QCOMPARE(ask(folder.database(), "SELECT group_concat(step) FROM checkpoints"), std::string("50"));
}

// More racers than files are open at once; in the place of one's file lies a folder.
void TestCheckpoints::a_set_is_written_whole_or_not_at_all() {
  Folder folder;
  const Checkpoint state = checkpoint_at(3);
  std::vector<NamedCheckpoint> all;
  for (int racer = 0; racer < 40; ++racer)
    all.push_back({folder.path(("racer-" + std::to_string(racer)).c_str()), &state});
  fs::create_directory(all[37].path);
  refusal([&] { write_checkpoints(all); });
  QCOMPARE(files_in(folder.folder.path().toStdString()), 1);
  fs::remove(all[37].path);
  const std::vector<CheckpointFile> files = write_checkpoints(all);
  QCOMPARE(files.size(), all.size());
  for (const CheckpointFile& file : files) QCOMPARE(read_checkpoint(file).step, std::int64_t{3});
  QCOMPARE(files_in(folder.folder.path().toStdString()), 40);  // and nothing next to them
}

namespace {

/// Steps of SQLite's machine in which the rows of three sets are stored, of which the last drops the first.
std::int64_t steps_for(int racers) {
  Folder folder;
  StoredRace race;
  for (int racer = 0; racer < racers; ++racer) {
    char uuid[40];
    std::snprintf(uuid, sizeof uuid, "aaaaaaaa-0000-4000-8000-%012d", racer);
    race.uuids.push_back(uuid);
    race.racers.push_back(experiment_of("dfa"));
  }
  race.group_uuid = "cccccccc-0000-4000-8000-000000000003";
  race.group_kind = "race";
  std::vector<std::int64_t> ids;
  {
    RunWriter writer(folder.database(), race);
    ids = writer.ids();
    writer.finish(RunStatus::stopped, "");
  }
  SQLite::Database database(folder.database(), SQLite::OPEN_READWRITE, 5000);
  const CheckpointFolder to = CheckpointFolder::own(database, folder.database());
  std::int64_t steps = 0;
  sqlite3_progress_handler(
      database.getHandle(), 1,
      [](void* count) {
        ++*static_cast<std::int64_t*>(count);
        return 0;
      },
      &steps);
  for (const std::int64_t step : {1, 2, 3}) {
    WrittenSet set;
    set.step = step;
    for (const std::string& uuid : race.uuids)
      set.files.push_back({to.path() + "/" + uuid + "-step-" + std::to_string(step) + ".checkpoint", 1,
                           uuid + std::to_string(step)});
    insert_set(database, to, ids, set);
  }
  return steps;
}

}  // namespace

void TestCheckpoints::a_large_race_costs_a_racer_no_more_than_a_small_one() {
  const std::int64_t few = steps_for(100), many = steps_for(200);
  QVERIFY2(many < 3 * few, qPrintable(QStringLiteral("%1, %2").arg(few).arg(many)));
}

QTEST_GUILESS_MAIN(TestCheckpoints)
#include "test_checkpoints.moc"
