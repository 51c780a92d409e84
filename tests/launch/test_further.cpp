// A finished run trained further: a new run that begins with the other one's last state. With a fake stepper
// and a real store.
#include <SQLiteCpp/SQLiteCpp.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/launch/launch.h"
#include "engine/runs/export.h"
#include "engine/runs/run_reader.h"
#include "tests/session/fake_stepper.h"

using namespace grapevine;

class TestFurther : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    world_ = std::make_shared<FakeWorld>();
  }

  void it_is_a_new_run_that_names_its_parent() {
    finish_a_run({"bp"});
    const LaunchEnd end = over(further(1, {"train.epochs=3"}));
    QCOMPARE(end.status.text(), std::string("finished"));
    RunReader reader(database());
    const RunData parent = reader.load(1), child = reader.load(2);
    QCOMPARE(parent.status.text(), std::string("finished"));
    QCOMPARE(parent.step, world_->total_steps);
    QCOMPARE(child.step, 2 * world_->total_steps);
    QVERIFY(child.uuid != parent.uuid && child.group_uuid.empty());
    QVERIFY(child.origin.has_value() && !parent.origin.has_value());
    QCOMPARE(child.origin->uuid, parent.uuid);
    QCOMPARE(child.origin->step, parent.step);
    QCOMPARE(child.origin->sha256, sum_of_checkpoint(1));
    QVERIFY(child.experiment.find("\"epochs\":3") != std::string::npos);
    const Series* loss = child.find("train_loss");
    QVERIFY(loss && loss->step.front() == parent.step + 1);  // its curve begins where the other one's ends
    QVERIFY(parent.seconds > 0);
    QCOMPARE(world_->restored_seconds, 0.0);  // and its clock at 0
    QCOMPARE(child.find("cos_b_j", 1)->step.front(), parent.step);
    QCOMPARE(child.events.front().kind.text(), std::string("started"));
    QVERIFY(child.events.front().cause.find("step 200 of run " + parent.uuid.substr(0, 8)) !=
            std::string::npos);
    const auto result = run_result(child);
    QCOMPARE(result.at("parent").at("uuid").get<std::string>(), parent.uuid);
    QCOMPARE(result.at("parent").at("step").get<std::int64_t>(), parent.step);
  }

  void a_race_goes_on_as_a_race_of_its_own() {
    finish_a_run({"bp", "dfa"});
    QCOMPARE(over(further(2, {"train.epochs=1"})).status.text(), std::string("finished"));
    RunReader reader(database());
    const RunData first = reader.load(3), second = reader.load(4);
    QCOMPARE(first.origin->uuid, reader.load(1).uuid);
    QCOMPARE(second.origin->uuid, reader.load(2).uuid);
    QVERIFY(!first.group_uuid.empty() && first.group_uuid == second.group_uuid);
    QVERIFY(first.group_uuid != reader.load(1).group_uuid);
  }

  void what_is_not_finished_is_refused_data() {
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("words");
    QTest::newRow("stopped") << "stopped"
                             << "is stopped";
    QTest::newRow("interrupted") << "interrupted"
                                 << "is interrupted";
    QTest::newRow("failed") << "failed"
                            << "start it again";
  }
  void what_is_not_finished_is_refused() {
    QFETCH(QString, status);
    QFETCH(QString, words);
    finish_a_run({"bp"});
    SQLite::Database(database(), SQLite::OPEN_READWRITE)
        .exec("UPDATE runs SET status = '" + status.toStdString() + "'");
    const LaunchEnd end = over(further(1, {"train.epochs=3"}));
    QVERIFY(end.wrong_input && !end.has_rows);
    QVERIFY2(end.failure.find(words.toStdString()) != std::string::npos, end.failure.c_str());
    QVERIFY2(end.failure.find("grapevine-cli") != std::string::npos, end.failure.c_str());
    QCOMPARE(RunReader(database()).list().size(), std::size_t{1});
  }

  void a_finished_run_says_how_it_goes_on() {
    finish_a_run({"bp"});
    LaunchRequest request;
    request.resumed_id = 1;
    const LaunchEnd end = over(std::move(request));
    QVERIFY2(end.failure.find("resume 1 --set train.epochs=N") != std::string::npos, end.failure.c_str());
  }

  void only_its_length_may_change_data() {
    QTest::addColumn<QString>("set");
    for (const char* set : {"optimizer.lr=0.1", "train.epochs", "train.epochs=0", "train.epoch=3"})
      QTest::newRow(set) << set;
  }
  void only_its_length_may_change() {
    QFETCH(QString, set);
    finish_a_run({"bp"});
    const LaunchEnd end = over(further(1, {set.toStdString()}));
    QVERIFY(end.wrong_input && !end.has_rows);
    QVERIFY2(end.failure.find(set.section('=', 0, 0).toStdString()) != std::string::npos,
             end.failure.c_str());
  }

  // As after a kill in its first seconds: its known start is the other run's state.
  void before_its_first_checkpoint_it_begins_at_its_parents_state() {
    finish_a_run({"bp"});
    QCOMPARE(over(further(1, {"train.epochs=2"})).status.text(), std::string("finished"));
    {
      SQLite::Database rows(database(), SQLite::OPEN_READWRITE);
      rows.exec("DELETE FROM checkpoints WHERE run = 2");
      rows.exec("UPDATE runs SET status = 'interrupted' WHERE id = 2");
    }
    LaunchRequest request;
    request.resumed_id = 2;
    QCOMPARE(over(std::move(request)).status.text(), std::string("finished"));
    const RunData child = RunReader(database()).load(2);
    QCOMPARE(child.step, 2 * world_->total_steps);
    QCOMPARE(child.find("train_loss")->step.front(), world_->total_steps + 1);
    QCOMPARE(child.find("cos_b_j", 1)->step.front(), world_->total_steps);
  }

  void its_parents_state_must_be_the_one_it_began_with() {
    finish_a_run({"bp"});
    QCOMPARE(over(further(1, {"train.epochs=2"})).status.text(), std::string("finished"));
    {
      SQLite::Database rows(database(), SQLite::OPEN_READWRITE);
      rows.exec("DELETE FROM checkpoints WHERE run = 2");
      rows.exec("UPDATE runs SET status = 'interrupted', parent_sha256 = 'another' WHERE id = 2");
    }
    LaunchRequest request;
    request.resumed_id = 2;
    const LaunchEnd end = over(std::move(request));
    QVERIFY(end.wrong_input);
    QVERIFY2(end.failure.find("checkpoint of that step") != std::string::npos, end.failure.c_str());
  }

  // Which checkpoints stay of a finished run. While it is in progress its last state always does.
  void the_best_is_kept_where_it_is_asked_for_data() {
    QTest::addColumn<QString>("keep");
    QTest::addColumn<QString>("steps");
    QTest::newRow("last") << "last"
                          << "200";
    QTest::newRow("best") << "best"
                          << "120";
    QTest::newRow("both") << "both"
                          << "120 200";
  }
  void the_best_is_kept_where_it_is_asked_for() {
    QFETCH(QString, keep);
    QFETCH(QString, steps);
    if (keep != "last") world_->best_at = 120;
    LaunchRequest request;
    request.plan = make_plan("{}", "test",
                             {.sets = {"rule.name=bp", "data.validation=0.1", "checkpoint.every_seconds=0",
                                       "checkpoint.keep=" + keep.toStdString()},
                              .rules = {}});
    QCOMPARE(over(std::move(request)).status.text(), std::string("finished"));
    SQLite::Database rows(database(), SQLite::OPEN_READONLY);
    SQLite::Statement query(
        rows, "SELECT group_concat(step, ' ') FROM (SELECT step FROM checkpoints ORDER BY step)");
    query.executeStep();
    QCOMPARE(QString::fromStdString(query.getColumn(0).getString()), steps);
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_->path().toStdString()))
      files += entry.path().extension() == ".checkpoint";
    QCOMPARE(files, static_cast<int>(steps.split(' ').size()));
  }

 private:
  LaunchEnd over(LaunchRequest request) {
    Launch launch(std::move(request), database(), fake_factory(world_));
    while (launch.phase() != LaunchPhase::over) launch.look(std::chrono::milliseconds(5));
    return launch.end();
  }
  void finish_a_run(std::vector<std::string> rules) {
    LaunchRequest request;
    Overrides overrides;
    if (rules.size() > 1)
      overrides.rules = rules;
    else
      overrides.sets.push_back("rule.name=" + rules.front());
    request.plan = make_plan("{}", "test", overrides);
    QCOMPARE(over(std::move(request)).status.text(), std::string("finished"));
  }
  static LaunchRequest further(std::int64_t id, std::vector<std::string> sets) {
    LaunchRequest request;
    request.resumed_id = id;
    request.further = std::move(sets);
    return request;
  }
  std::string sum_of_checkpoint(std::int64_t id) {
    SQLite::Database rows(database(), SQLite::OPEN_READONLY);
    SQLite::Statement query(rows, "SELECT sha256 FROM checkpoints WHERE run = ? ORDER BY step DESC");
    query.bind(1, id);
    return query.executeStep() ? query.getColumn(0).getString() : "";
  }
  std::string database() const { return (folder_->path() + "/runs.db").toStdString(); }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<FakeWorld> world_;
};

QTEST_GUILESS_MAIN(TestFurther)
#include "test_further.moc"
