// A run as one file: what goes out comes in, with its state, and twice is harmless.
#include <QtTest>
#include <filesystem>

#include "engine/runs/run_file.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestRunFile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void everything_of_the_run_comes_along();
  void the_state_comes_along_when_asked_for();
  void a_folder_for_the_database_is_made();
  void twice_is_harmless();
  void a_run_that_goes_on_is_refused();
  void an_enclosed_name_is_no_path();
  void nothing_is_left_behind();

 private:
  std::string export_first(bool with_checkpoints) const {
    write_run_file(folder_->database(), {uuid_}, folder_->path("first.run"), with_checkpoints);
    return folder_->path("first.run");
  }
  std::string other() const { return folder_->path("other.db"); }

  std::unique_ptr<Folder> folder_;
  const std::string uuid_ = "11111111-0000-4000-8000-000000000001";
};

void TestRunFile::init() {
  folder_ = std::make_unique<Folder>();
  for (const char* uuid : {uuid_.c_str(), "11111111-0000-4000-8000-000000000002"}) {
    RunWriter writer(folder_->database(), single(uuid));
    Observations news;
    news.samples = {sample(0, "loss", 0, 1, 0.5), sample(0, "loss", 0, 2, std::nan(""))};
    news.events = {event_of(0, 0, "started", "on cpu", "{\"threads\":2}")};
    news.commands = {{1, "set", "optimizer.lr=0.5"}};
    news.step = 2;
    post(writer, news);
    post_checkpoint(writer, 2);
    writer.finish(RunStatus::stopped, "");
  }
}

void TestRunFile::everything_of_the_run_comes_along() {
  const MergeResult taken = import_run_file(other(), export_first(false));
  QCOMPARE(taken.taken.size(), std::size_t{1});
  QCOMPARE(taken.checkpoints, 0);
  for (const char* sql : {"SELECT uuid || name || status || experiment || started || ended FROM runs",
                          "SELECT group_concat(step || coalesce(value, 'null')) FROM samples "
                          "WHERE series IN (SELECT id FROM series WHERE run = 1)",
                          "SELECT group_concat(step || kind || cause || data) FROM events WHERE run = 1",
                          "SELECT group_concat(step || command || value) FROM commands WHERE run = 1"})
    QCOMPARE(ask(other(), sql), ask(folder_->database(), sql));
  QCOMPARE(ask(other(), "SELECT count(*) FROM runs"), std::string("1"));
}

void TestRunFile::the_state_comes_along_when_asked_for() {
  const MergeResult taken = import_run_file(other(), export_first(true));
  QVERIFY2(taken.left.empty(), taken.left.empty() ? "" : taken.left.front().c_str());
  QCOMPARE(taken.checkpoints, 1);
  const CheckpointSet state = RunReader(other()).checkpoint({1});
  QCOMPARE(state.racers.size(), std::size_t{1});
  QCOMPARE(state.racers.front().step, 2);
  QVERIFY(state.racers.front().arrays.at("weights/1").bytes == checkpoint_at(2).arrays.at("weights/1").bytes);
  QVERIFY(RunReader(other()).list().front().resumable);
}

void TestRunFile::a_folder_for_the_database_is_made() {
  const std::string file = export_first(true), into = folder_->path("new/deeper/runs.db");
  QCOMPARE(import_run_file(into, file).taken.size(), std::size_t{1});
  QCOMPARE(ask(into, "SELECT count(*) FROM checkpoints"), std::string("1"));
}

void TestRunFile::twice_is_harmless() {
  const std::string file = export_first(true);
  import_run_file(other(), file);
  const MergeResult again = import_run_file(other(), file);
  QVERIFY(again.taken.empty());
  QCOMPARE(again.known, 1);
  QCOMPARE(ask(other(), "SELECT count(*) FROM samples"), std::string("2"));
}

void TestRunFile::a_run_that_goes_on_is_refused() {
  RunWriter writer(folder_->database(), single("11111111-0000-4000-8000-000000000003"));
  const std::string words = refusal([&] {
    write_run_file(folder_->database(), {"11111111-0000-4000-8000-000000000003"}, folder_->path("on.run"),
                   false);
  });
  QVERIFY2(words.find("in progress") != std::string::npos, words.c_str());
  QVERIFY(!std::filesystem::exists(folder_->path("on.run")));
}

void TestRunFile::an_enclosed_name_is_no_path() {
  const std::string file = export_first(true);
  tell(file, "UPDATE enclosed_checkpoints SET file = '../../" + uuid_ + "-step-2.checkpoint'");
  const MergeResult taken = import_run_file(other(), file);
  QCOMPARE(taken.taken.size(), std::size_t{1});
  QCOMPARE(taken.checkpoints, 0);
  QCOMPARE(taken.left.size(), std::size_t{1});
}

void TestRunFile::nothing_is_left_behind() {
  import_run_file(other(), export_first(true));
  for (const auto& entry : std::filesystem::directory_iterator(folder_->folder.path().toStdString()))
    QVERIFY2(entry.path().filename().string().find(".grapevine") == std::string::npos, entry.path().c_str());
}

QTEST_APPLESS_MAIN(TestRunFile)
#include "test_run_file.moc"
