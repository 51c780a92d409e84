// Forks in the store: new runs that name their parent and its checkpoint, which stays as long as they do;
// what a fork may change; commands asked for beforehand, stored until they are carried out. With a fake
// stepper.
#include <SQLiteCpp/SQLiteCpp.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "engine/experiment/groups/alert_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/launch/launch.h"
#include "engine/launch/timed_commands.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/stored_experiment.h"
#include "tests/session/fake_stepper.h"

using namespace grapevine;

class TestFork : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    world_ = std::make_shared<FakeWorld>();
  }

  void a_fork_races_the_run_against_the_change() {
    stop_a_run_at(120);
    QCOMPARE(over(fork({"rule.name=grape", "rule.align_rate=0.02"})).status.text(), std::string("finished"));
    RunReader reader(database());
    const RunData parent = reader.load(1), control = reader.load(2), child = reader.load(3);
    QCOMPARE(control.rule, std::string("dfa"));
    QCOMPARE(child.rule, std::string("grape"));
    QVERIFY(!control.group_uuid.empty() && control.group_uuid == child.group_uuid);
    for (const RunData& each : {control, child}) {
      QCOMPARE(each.origin->uuid, parent.uuid);
      QCOMPARE(each.origin->step, std::int64_t{120});
      QCOMPARE(reader.summary(each.id).origin, std::string("fork"));
      QCOMPARE(each.step, world_->total_steps);  // the parent's clock, and its end
      QCOMPARE(each.find("train_loss")->step.front(), std::int64_t{121});
      QCOMPARE(each.events.front().kind.text(), std::string("started"));
    }
    QVERIFY(child.experiment.find("0.02") != std::string::npos);
    QCOMPARE(parent.status.text(), std::string("stopped"));
  }

  void alone_it_is_one_run() {
    stop_a_run_at(50);
    LaunchRequest request = fork({"optimizer.lr=0.1"});
    request.fork->alone = true;
    QCOMPARE(over(std::move(request)).status.text(), std::string("finished"));
    QCOMPARE(RunReader(database()).list().size(), std::size_t{2});
  }

  // What changes none of the numbers may change, too: for the whole race.
  void where_a_fork_is_computed_and_what_it_reports_may_change() {
    stop_a_run_at(50);
    QCOMPARE(over(fork({"optimizer.lr=0.1", "alerts=test_accuracy>0.9", "gpu_graphs=true"})).status.text(),
             std::string("finished"));
    RunReader reader(database());
    for (const std::int64_t id : {2, 3}) {
      const Experiment experiment = stored_experiment(reader.load(id));
      QCOMPARE(AlertSettings::of(experiment).alerts, std::string("test_accuracy>0.9"));
      QVERIFY(RunSettings::of(experiment).gpu_graphs);
    }
  }

  void what_a_fork_can_not_be_is_said_data() {
    QTest::addColumn<QString>("set");
    QTest::addColumn<QString>("said");
    QTest::newRow("the network") << "model.hidden=8"
                                 << "the same network";
    QTest::newRow("the data") << "data.train_limit=10"
                              << "the same network and the same batches";
    QTest::newRow("what it may be") << "train.batch=7"
                                    << "rule.*, optimizer.*, schedule.*, train.epochs, train.max_steps,";
    QTest::newRow("the seed") << "seed=3"
                              << "--set seed";
    QTest::newRow("the same") << "rule.name=dfa"
                              << "would race against itself";
    QTest::newRow("no rule") << "rule.name=dfaa"
                             << "dfa";
    QTest::newRow("no setting") << "rule.align_rat=1"
                                << "align_rat";
  }
  void what_a_fork_can_not_be_is_said() {
    QFETCH(QString, set);
    QFETCH(QString, said);
    stop_a_run_at(50);
    const LaunchEnd end = over(fork({set.toStdString()}));
    QVERIFY(end.wrong_input && !end.has_rows);
    QVERIFY2(QString::fromStdString(end.failure).contains(said), end.failure.c_str());
    QCOMPARE(RunReader(database()).list().size(), std::size_t{1});
  }

  void a_finished_run_needs_more_to_do() {
    stop_a_run_at(world_->total_steps);
    const LaunchEnd end = over(fork({"rule.name=grape"}));
    QVERIFY(!end.has_rows);
    QVERIFY2(end.wrong_input && end.failure.find("raise train.epochs") != std::string::npos,
             end.failure.c_str());
  }

  // As after a kill in its first seconds.
  void before_its_first_checkpoint_it_begins_at_its_parents_state() {
    stop_a_run_at(120);
    QCOMPARE(over(fork({"rule.name=grape"})).status.text(), std::string("finished"));
    {
      SQLite::Database rows(database(), SQLite::OPEN_READWRITE);
      rows.exec("DELETE FROM checkpoints WHERE run > 1");
      rows.exec("UPDATE runs SET status = 'interrupted' WHERE id > 1");
    }
    LaunchRequest request;
    request.resumed_id = 3;
    QCOMPARE(over(std::move(request)).status.text(), std::string("finished"));
    const RunData again = RunReader(database()).load(3);
    QCOMPARE(again.find("train_loss")->step.front(), std::int64_t{121});
    QCOMPARE(again.step, world_->total_steps);
  }

  void the_start_is_kept_for_the_child() {
    stop_a_run_at(50);
    const std::string start = sum_of_checkpoint();
    LaunchRequest request = fork({"rule.name=grape"});
    QCOMPARE(over(std::move(request)).status.text(), std::string("finished"));
    // The parent continues, is changed at that very step, and has later checkpoints.
    LaunchRequest on;
    on.resumed_id = 1;
    on.start_paused = true;
    Launch launch(std::move(on), database(), fake_factory(world_));
    while (launch.phase() == LaunchPhase::preparing) launch.look(std::chrono::milliseconds(10));
    launch.calibrate();
    launch.play();
    while (launch.phase() != LaunchPhase::over) launch.look(std::chrono::milliseconds(10));
    {
      SQLite::Database rows(database(), SQLite::OPEN_READWRITE);
      rows.exec("DELETE FROM checkpoints WHERE run > 1");
      rows.exec("UPDATE runs SET status = 'interrupted' WHERE id > 1");
    }
    QCOMPARE(RunReader(database()).load(3).origin->sha256, start);
    QCOMPARE(RunReader(database()).first_state({3}).racers.front().step, std::int64_t{50});
  }

  void commands_wait_in_the_store() {
    world_->a_step = std::chrono::microseconds(200);
    LaunchRequest request = new_run();
    request.at = {"150:lesion:2:zero", "20:calibrate"};
    request.steps = 60;
    Launch launch(std::move(request), database(), fake_factory(world_));
    while (launch.phase() == LaunchPhase::preparing) launch.look(std::chrono::milliseconds(10));
    while (launch.runs().front().step < 60) launch.look(std::chrono::milliseconds(10));
    launch.stop();
    while (launch.phase() != LaunchPhase::over) launch.look(std::chrono::milliseconds(10));
    SQLite::Database rows(database(), SQLite::OPEN_READWRITE);
    QCOMPARE(
        rows.execAndGet("SELECT group_concat(step || command || value || replay, ' ') FROM (SELECT * FROM "
                        "commands ORDER BY step)")
            .getString(),
        std::string("20calibrate0 150lesion2:zero1"));
    LaunchRequest on;
    on.resumed_id = 1;
    QCOMPARE(over(std::move(on)).status.text(), std::string("finished"));
    QCOMPARE(rows.execAndGet("SELECT count(*) FROM events WHERE kind = 'lesion' AND step = 150").getInt(), 1);
    QCOMPARE(rows.execAndGet("SELECT count(*) FROM commands WHERE replay = 1").getInt(), 0);
  }

  void what_is_wrong_with_a_command_is_said_data() {
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("said");
    QTest::newRow("no step") << "lesion:2:zero"
                             << "expected STEP:COMMAND";
    QTest::newRow("nothing") << ""
                             << "expected STEP:COMMAND";
    QTest::newRow("a negative step") << "-5:freeze:1"
                                     << "expected STEP:COMMAND";
    QTest::newRow("a misspelt command") << "5:leison:2:zero"
                                        << "did you mean lesion?";
    QTest::newRow("a misspelt racer") << "5:dfaa/lesion:2:zero"
                                      << "did you mean DFA?";
    QTest::newRow("a number too large") << "5:3/lesion:2:zero"
                                        << "The racers are 1 BP, 2 DFA";
    QTest::newRow("no feedback") << "5:bp/lesion:2:zero"
                                 << "BP: it has no feedback weights of its own";
    QTest::newRow("past the end") << "500:lesion:2:zero"
                                  << "the run ends with step 200";
  }
  void what_is_wrong_with_a_command_is_said() {
    QFETCH(QString, at);
    QFETCH(QString, said);
    LaunchRequest request;
    request.plan = make_plan("{}", "test", {{}, {"bp", "dfa"}});
    request.at = {at.toStdString()};
    const LaunchEnd end = over(std::move(request));
    QVERIFY(end.wrong_input && !end.has_rows);
    QVERIFY2(QString::fromStdString(end.failure).contains(said), end.failure.c_str());
    QVERIFY(!std::filesystem::exists(database()));
  }

  void racers_are_named_three_ways() {
    const ExperimentPlan plan = make_plan("{}", "test", {{}, {"bp", "dfa"}});
    for (const char* name : {"dfa", "DFA", "2"}) {
      const CommandRecord record = read_timed({std::string("7:") + name + "/freeze:1"}, plan).front();
      QCOMPARE(record.value, std::string("1:1"));
      QCOMPARE(timed_text(record, -1), std::string("7:2/freeze:1"));
      QCOMPARE(timed_text(record, 1), std::string("7:freeze:1"));
      QCOMPARE(timed_text(record, 0), std::string());
    }
    QCOMPARE(read_timed({"7:set:data.dir=/tmp/x"}, plan).front().value, std::string("data.dir=/tmp/x"));
  }

 private:
  std::string database() const { return folder_->filePath("runs.db").toStdString(); }
  LaunchRequest new_run() const {
    LaunchRequest request;
    request.plan = make_plan("{}", "test", {{"rule.name=dfa", "checkpoint.every_seconds=0"}, {}});
    return request;
  }
  LaunchRequest fork(std::vector<std::string> sets) const {
    LaunchRequest request;
    request.fork = ForkRequest{1, std::move(sets), false};
    return request;
  }
  LaunchEnd over(LaunchRequest request) {
    Launch launch(std::move(request), database(), fake_factory(world_));
    while (launch.phase() != LaunchPhase::over) launch.look(std::chrono::milliseconds(10));
    launch.look();
    return launch.end();
  }
  void stop_a_run_at(std::int64_t step) {
    LaunchRequest request = new_run();
    request.steps = step;
    Launch launch(std::move(request), database(), fake_factory(world_));
    while (launch.phase() == LaunchPhase::preparing) launch.look(std::chrono::milliseconds(10));
    while (launch.runs().front().step < step && launch.phase() == LaunchPhase::going)
      launch.look(std::chrono::milliseconds(10));
    launch.stop();
    while (launch.phase() != LaunchPhase::over) launch.look(std::chrono::milliseconds(10));
  }
  std::string sum_of_checkpoint() const {
    SQLite::Database rows(database(), SQLite::OPEN_READONLY);
    return rows.execAndGet("SELECT sha256 FROM checkpoints WHERE run = 1 ORDER BY step DESC").getString();
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<FakeWorld> world_;
};

QTEST_GUILESS_MAIN(TestFork)
#include "test_fork.moc"
