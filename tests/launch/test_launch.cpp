// One way to start a run: check, prepare, then rows. With a fake stepper and a real store.
#include <SQLiteCpp/SQLiteCpp.h>

#include <QTemporaryDir>
#include <QTest>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "engine/launch/launch.h"
#include "engine/runs/run_reader.h"
#include "tests/session/fake_stepper.h"

using namespace grapevine;

class TestLaunch : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void a_run_goes_to_its_end();
  void wrong_input_stores_nothing_data();
  void wrong_input_stores_nothing();
  void a_stop_while_preparing_stores_nothing();
  void rows_are_there_before_the_first_step();
  void what_fails_later_is_stored_as_failed();
  void folders_are_named_from_the_root();
  void threads_are_stored_as_they_were();
  void a_display_that_never_looks_keeps_nobody_waiting();
  void a_stopped_race_continues();
  void without_a_checkpoint_it_begins_at_the_known_start();
  void success_is_told_when_all_is_stored();
  void who_holds_numbers_keeps_them();
  void a_finished_run_is_not_resumed();
  void what_another_program_trained_meanwhile_is_kept_data();
  void what_another_program_trained_meanwhile_is_kept();
  void other_data_are_not_trained_on();
  void a_resumed_run_keeps_how_it_began();

 private:
  std::unique_ptr<Launch> launch(LaunchRequest request) {
    return std::make_unique<Launch>(std::move(request), database(), fake_factory(world_));
  }
  static LaunchRequest race(std::vector<std::string> sets = {}) {
    LaunchRequest request;
    sets.emplace_back("seed=5");
    request.plan = make_plan("{}", "test", {.sets = std::move(sets), .rules = {"bp", "dfa"}});
    return request;
  }
  static void wait_for(Launch& launch, LaunchPhase phase) {
    QTRY_VERIFY_WITH_TIMEOUT((launch.look(), launch.phase() >= phase), 20000);
    launch.look();
  }
  /// The display's step; -1 before it knows of any run.
  static std::int64_t step_seen(Launch& launch) {
    launch.look();
    return launch.runs().empty() ? -1 : launch.runs().front().step;
  }
  std::string database() const { return (folder_->path() + "/kept/runs.db").toStdString(); }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<FakeWorld> world_;
};

void TestLaunch::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  world_ = std::make_shared<FakeWorld>();
}

void TestLaunch::a_run_goes_to_its_end() {
  const auto run = launch(race());
  wait_for(*run, LaunchPhase::over);
  const LaunchEnd end = run->end();
  QCOMPARE(end.status.text(), std::string("finished"));
  QVERIFY(end.has_rows && end.failure.empty() && end.store_trouble.empty());
  QCOMPARE(run->runs().ids(), (std::vector<std::int64_t>{1, 2}));
  QCOMPARE(run->runs().front().step, world_->total_steps);
  QCOMPARE(run->runs().front().status.text(), std::string("finished"));
  for (const RunSummary& row : RunReader(database()).list()) {
    QCOMPARE(row.status.text(), std::string("finished"));
    QCOMPARE(row.steps, world_->total_steps);
  }
}

void TestLaunch::wrong_input_stores_nothing_data() {
  QTest::addColumn<int>("kind");
  QTest::newRow("missing data") << 0;
  QTest::newRow("settings that don't fit") << 1;
  QTest::newRow("a file where the folder should be") << 2;
  QTest::newRow("a database that is none") << 3;
}

void TestLaunch::wrong_input_stores_nothing() {
  QFETCH(int, kind);
  LaunchRequest request = race();
  world_->fail_to_prepare = kind == 0;
  if (kind == 1)
    for (Experiment& racer : request.plan.racers) racer.set("schedule.name", std::string("multistep"));
  const std::filesystem::path place = database();
  if (kind == 2) std::ofstream(place.parent_path()) << "a file";
  if (kind == 3) {
    std::filesystem::create_directories(place.parent_path());
    std::ofstream(place) << std::string(4096, 'x');
  }
  const auto run = launch(std::move(request));
  wait_for(*run, LaunchPhase::over);
  const LaunchEnd end = run->end();
  QCOMPARE(end.status.text(), std::string("failed"));
  QVERIFY(end.wrong_input && !end.has_rows && !end.failure.empty());
  QCOMPARE(world_->made.load(), kind == 0 ? 1 : 0);  // the rest is known before anything is loaded
  if (kind < 2) QVERIFY(!std::filesystem::exists(place.parent_path()));
  if (kind == 2) QVERIFY(std::filesystem::is_regular_file(place.parent_path()));
  if (kind == 3) QCOMPARE(std::filesystem::file_size(place), std::uintmax_t{4096});
}

void TestLaunch::a_stop_while_preparing_stores_nothing() {
  world_->long_work = [](const WorkHooks& hooks) {
    hooks.tell({"decoding", "train", 250, 1000, 0, "images"});
    while (!hooks.stopped()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    throw WorkStopped{};
  };
  const auto run = launch(race());
  bool shown = false;
  const auto preparing = [&] {
    const Observations* news = run->look();
    return shown = shown || (news && news->preparing);
  };
  QTRY_VERIFY(preparing());
  QCOMPARE(run->phase(), LaunchPhase::preparing);
  run->stop();
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(run->end().status.text(), std::string("stopped"));
  QVERIFY(!run->end().has_rows);
  QVERIFY(!database_exists(database()));
}

void TestLaunch::rows_are_there_before_the_first_step() {
  LaunchRequest request = race();
  request.start_paused = true;
  const auto run = launch(std::move(request));
  wait_for(*run, LaunchPhase::going);
  QCOMPARE(run->runs().ids(), (std::vector<std::int64_t>{1, 2}));
  QCOMPARE(run->runs().front().step, std::int64_t{0});
  QCOMPARE(RunReader(database()).list().size(), std::size_t{2});
  QTRY_VERIFY(
      (run->look(), run->runs().front().find("cos_b_j", 1) != nullptr));  // step 0 was measured meanwhile
  run->step(3);
  QTRY_COMPARE(step_seen(*run), std::int64_t{3});
  run->stop();
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(RunReader(database()).summary(1).status.text(), std::string("stopped"));
}

void TestLaunch::what_fails_later_is_stored_as_failed() {
  world_->fail_at = 40;
  const auto run = launch(race());
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(run->end().status.text(), std::string("failed"));
  QVERIFY(run->end().has_rows && !run->end().wrong_input);
  QCOMPARE(RunReader(database()).summary(1).status.text(), std::string("failed"));
}

void TestLaunch::folders_are_named_from_the_root() {
  const QString before = QDir::currentPath();
  QVERIFY(QDir::setCurrent(folder_->path()) && QDir(folder_->path()).mkdir("images"));
  const auto run = launch(race({"data.dir=images"}));
  wait_for(*run, LaunchPhase::over);
  QVERIFY(QDir::setCurrent(before));
  const RunData row = RunReader(database()).load(1);
  const std::string absolute = (folder_->path() + "/images").toStdString();
  QVERIFY2(row.experiment.find(absolute) != std::string::npos, row.experiment.c_str());
}

void TestLaunch::threads_are_stored_as_they_were() {
  const auto run = launch(race());
  wait_for(*run, LaunchPhase::over);
  const RunData row = RunReader(database()).load(1);
  QVERIFY(row.experiment.find("\"threads\":2") != std::string::npos);  // as FakeStepper resolves them
}

void TestLaunch::a_display_that_never_looks_keeps_nobody_waiting() {
  const auto run = launch(race());
  QTRY_COMPARE_WITH_TIMEOUT(run->phase(), LaunchPhase::over, 20000);
  QCOMPARE(RunReader(database()).summary(1).steps, world_->total_steps);
  run->look();
  QCOMPARE(run->runs().front().step, world_->total_steps);  // and finds it all when it does
}

void TestLaunch::a_stopped_race_continues() {
  LaunchRequest request = race();
  request.steps = 50;
  auto run = launch(std::move(request));
  QTRY_COMPARE(step_seen(*run), std::int64_t{50});
  run->stop();
  wait_for(*run, LaunchPhase::over);
  LaunchRequest again;
  again.resumed_id = 2;  // either racer resumes the race
  run = launch(std::move(again));
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(run->end().status.text(), std::string("finished"));
  QCOMPARE(run->runs().ids(), (std::vector<std::int64_t>{1, 2}));
  QCOMPARE(run->resumed_step(), std::int64_t{50});
  for (const std::int64_t id : {1, 2}) {
    const RunData row = RunReader(database()).load(id);
    QCOMPARE(row.find("train_loss")->size(),
             static_cast<std::size_t>(world_->total_steps));  // each step once
    QVERIFY(row.find("train_loss")->value ==
            run->runs().views()[static_cast<std::size_t>(id - 1)]->find("train_loss")->value);
  }
}

// As after kill -9 in the first seconds: rows, but no checkpoint yet.
void TestLaunch::without_a_checkpoint_it_begins_at_the_known_start() {
  LaunchRequest request = race();
  request.steps = 50;
  auto run = launch(std::move(request));
  QTRY_COMPARE(step_seen(*run), std::int64_t{50});
  run->set("optimizer.lr", "0.5");
  run->stop();
  wait_for(*run, LaunchPhase::over);
  {
    SQLite::Database rows(database(), SQLite::OPEN_READWRITE);
    rows.exec("DELETE FROM checkpoints");
    rows.exec("UPDATE runs SET status = 'interrupted'");
  }
  QVERIFY(RunReader(database()).summary(1).resumable);
  LaunchRequest again;
  again.resumed_id = 1;
  run = launch(std::move(again));
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(run->end().status.text(), std::string("finished"));
  QCOMPARE(world_->heard_settings().size(), std::size_t{2});  // the live change came again at its step
  const RunData row = RunReader(database()).load(1);
  QCOMPARE(row.find("train_loss")->size(), static_cast<std::size_t>(world_->total_steps));  // each step once
  QCOMPARE(row.step, world_->total_steps);
  QCOMPARE(std::count_if(row.events.begin(), row.events.end(),
                         [](const Event& e) { return e.kind == EventKind::started; }),
           1);
}

// Where the last checkpoint finds no place the run is not finished, whatever the session said.
void TestLaunch::success_is_told_when_all_is_stored() {
  const std::filesystem::path place = database();
  std::filesystem::create_directories(place.parent_path());
  std::ofstream(database() + "-checkpoints") << "a file";
  qputenv("XDG_CACHE_HOME", (folder_->path() + "/kept/runs.db-checkpoints").toUtf8());
  const auto run = launch(race());
  wait_for(*run, LaunchPhase::over);
  qunsetenv("XDG_CACHE_HOME");
  QCOMPARE(run->end().status.text(), std::string("interrupted"));
  QVERIFY2(run->end().store_trouble.find(database()) != std::string::npos, run->end().store_trouble.c_str());
  QCOMPARE(run->runs().front().status.text(), std::string("interrupted"));
  QCOMPARE(RunReader(database()).summary(1).status.text(), std::string("interrupted"));
}

void TestLaunch::who_holds_numbers_keeps_them() {
  RunView held;
  {
    const auto run = launch(race());
    wait_for(*run, LaunchPhase::over);
    held = run->runs().views().front();
  }
  QCOMPARE(held->step, world_->total_steps);
}

void TestLaunch::a_finished_run_is_not_resumed() {
  auto run = launch(race());
  wait_for(*run, LaunchPhase::over);
  LaunchRequest again;
  again.resumed_id = 1;
  run = launch(std::move(again));
  wait_for(*run, LaunchPhase::over);
  QVERIFY(run->end().wrong_input);
  QVERIFY(run->end().failure.find("is finished") != std::string::npos);
  QCOMPARE(RunReader(database()).summary(1).status.text(), std::string("finished"));
}

// Between the look at the run and its lock there may be minutes of preparing.
void TestLaunch::what_another_program_trained_meanwhile_is_kept_data() {
  QTest::addColumn<int>("steps");
  QTest::newRow("stopped later") << 30;
  QTest::newRow("finished") << 0;
}

void TestLaunch::what_another_program_trained_meanwhile_is_kept() {
  QFETCH(int, steps);
  const auto train = [this](LaunchRequest request, std::int64_t until) {
    Launch run(std::move(request), database(), fake_factory(std::make_shared<FakeWorld>()));
    for (bool stopped = false; run.phase() != LaunchPhase::over;) {
      run.look(std::chrono::milliseconds(5));
      if (!stopped && until > 0 && step_seen(run) == until) stopped = run.stop() != 0;
    }
    return run.end().status;
  };
  LaunchRequest first = race(), other, again;
  first.steps = 50;
  other.resumed_id = again.resumed_id = 1;
  other.steps = steps;
  QCOMPARE(train(std::move(first), 50).text(), std::string("stopped"));

  const std::int64_t end = steps > 0 ? 50 + steps : world_->total_steps;
  StatusWord others;
  world_->long_work = [&](const WorkHooks&) { others = train(other, steps > 0 ? end : 0); };
  const auto run = launch(again);
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(others.text(), std::string(steps > 0 ? "stopped" : "finished"));
  QVERIFY(!run->end().wrong_input && !run->end().has_rows);
  QVERIFY2(run->end().failure.find("trained by another program") != std::string::npos,
           run->end().failure.c_str());
  for (const std::int64_t id : {1, 2}) {
    const RunData row = RunReader(database()).load(id);
    QCOMPARE(row.status, others);
    QCOMPARE(row.step, end);
    QCOMPARE(row.find("train_loss")->size(), static_cast<std::size_t>(end));
  }
  QCOMPARE(RunReader(database()).checkpoint({1, 2}).racers.front().step, end);
  if (steps == 0) return;

  world_->long_work = nullptr;  // asked for again, it continues from there
  const auto last = launch(again);
  wait_for(*last, LaunchPhase::over);
  QCOMPARE(last->end().status.text(), std::string("finished"));
  QCOMPARE(last->resumed_step(), end);
}

void TestLaunch::other_data_are_not_trained_on() {
  world_->data_digest = std::string(64, 'a');
  LaunchRequest request = race();
  request.steps = 50;
  auto run = launch(std::move(request));
  QTRY_COMPARE(step_seen(*run), std::int64_t{50});
  run->stop();
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(RunReader(database()).load(1).data_digest, world_->data_digest);
  world_->data_digest = std::string(64, 'b');
  LaunchRequest again;
  again.resumed_id = 1;
  run = launch(again);
  wait_for(*run, LaunchPhase::over);
  const LaunchEnd end = run->end();
  QVERIFY(end.wrong_input);
  QVERIFY(end.failure.find("other data") != std::string::npos);
  QVERIFY(end.failure.find("aaaaaaaaaaaa") != std::string::npos);
  QCOMPARE(RunReader(database()).summary(1).status.text(), std::string("stopped"));  // nothing was touched
  QCOMPARE(RunReader(database()).load(1).step, std::int64_t{50});
  // Of a run of version 0.1.0 it is not known.
  SQLite::Database(database(), SQLite::OPEN_READWRITE).exec("UPDATE runs SET data_digest = NULL");
  run = launch(again);
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(run->end().status.text(), std::string("finished"));
}

void TestLaunch::a_resumed_run_keeps_how_it_began() {
  LaunchRequest request = race();
  request.steps = 50;
  auto run = launch(std::move(request));
  QTRY_COMPARE(step_seen(*run), std::int64_t{50});
  run->stop();
  wait_for(*run, LaunchPhase::over);
  QVERIFY(world_->kept.empty());
  const auto threads = [&] {
    SQLite::Database file(database(), SQLite::OPEN_READONLY);
    return file.execAndGet("SELECT threads || json_extract(experiment, '$.threads') FROM runs").getString();
  };
  QCOMPARE(threads(), std::string("22"));  // the fake's own
  LaunchRequest again;
  again.resumed_id = 1;
  again.threads = "7";
  run = launch(std::move(again));
  wait_for(*run, LaunchPhase::over);
  QCOMPARE(world_->kept.size(), std::size_t{2});
  QCOMPARE(world_->kept.front().probe_every, std::int64_t{10});
  QCOMPARE(world_->kept.front().measures, std::vector<std::string>{"cos_b_j"});
  QVERIFY(!world_->kept.front().rise_within_schedule);
  QCOMPARE(threads(), std::string("22"));
  // What was asked for this time stands in the event.
  const RunData stored = RunReader(database()).load(1);
  const auto resumed = std::find_if(stored.events.begin(), stored.events.end(),
                                    [](const Event& event) { return event.kind == EventKind::resumed; });
  QVERIFY(resumed != stored.events.end());
  QVERIFY(resumed->data.find("\"threads\":\"7\"") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestLaunch)
#include "test_launch.moc"
