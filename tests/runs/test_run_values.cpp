// What curves come to: written at a run's end, in pieces for older files, and read without the samples.
#include <QtTest>

#include "engine/runs/run_queries.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestRunValues : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_end_of_a_run_leaves_its_values();
  void a_run_that_goes_on_is_read_from_its_samples();
  void resuming_forgets_them();
  void more_samples_forget_them();
  void missing_values_are_filled_in_pieces();
  void a_list_reads_values_and_no_samples();
  void no_question_reads_through_all_samples();
  void settings_measures_and_columns_come_as_cells();
  void what_is_not_json_has_no_settings();
  void rows_are_ordered_and_filtered();
  void deleted_runs_are_listed_apart();
  void a_short_number_is_no_uuid();
};

namespace {

/// Accuracies 0.5, 0.8, NaN, 0.8, 0.6 and losses 3, 1, 2 of the racer.
Observations results(int racer = 0) {
  Observations news;
  const double accuracies[] = {0.5, 0.8, std::nan(""), 0.8, 0.6};
  for (int i = 0; i < 5; ++i)
    news.samples.push_back(sample(racer, "test_accuracy", 0, 10 * (i + 1), accuracies[i]));
  const double losses[] = {3, 1, 2};
  for (int i = 0; i < 3; ++i) news.samples.push_back(sample(racer, "test_loss", 0, 10 * (i + 1), losses[i]));
  for (int point = 1; point <= 2; ++point)
    news.samples.push_back(sample(racer, "cos_b_j", point, 10, 0.25 * point));
  news.samples.push_back(sample(racer, "learning_rate", 0, 1, 0.125));
  news.step = 50;
  news.epoch = 0.5;
  return news;
}

std::int64_t stored_run(const std::string& database, const char* uuid, const char* rule = "dfa",
                        const char* status = "finished") {
  RunWriter writer(database, single(uuid, rule));
  post(writer, results());
  writer.finish(StatusWord::read(status), "");
  return writer.ids().front();
}

constexpr const char* uuids[] = {"11111111-0000-4000-8000-000000000001",
                                 "11111111-0000-4000-8000-000000000002",
                                 "11111111-0000-4000-8000-000000000003"};

std::string value(const std::string& database, const char* column, const char* measure, int point = 0) {
  return ask(database, std::string("SELECT coalesce(") + column +
                           ", 'null') FROM run_values WHERE measure = '" + measure +
                           "' AND point = " + std::to_string(point));
}

double number(const RunCell& cell) {
  const auto* held = std::get_if<double>(&cell);
  return held ? *held : std::nan("");
}

}  // namespace

void TestRunValues::the_end_of_a_run_leaves_its_values() {
  Folder folder;
  stored_run(folder.database(), uuids[0]);
  // By hand: four numbers, the last 0.6, the best 0.8 first at step 20, their mean 2.7 / 4.
  QCOMPARE(value(folder.database(), "n", "test_accuracy"), std::string("4"));
  QCOMPARE(value(folder.database(), "last", "test_accuracy"), std::string("0.6"));
  QCOMPARE(value(folder.database(), "best", "test_accuracy"), std::string("0.8"));
  QCOMPARE(value(folder.database(), "best_step", "test_accuracy"), std::string("20"));
  QCOMPARE(value(folder.database(), "round(mean, 12)", "test_accuracy"), std::string("0.675"));
  // Of a loss the least is the best; a rate has none.
  QCOMPARE(value(folder.database(), "best", "test_loss"), std::string("1.0"));
  QCOMPARE(value(folder.database(), "best_step", "test_loss"), std::string("20"));
  QCOMPARE(value(folder.database(), "best", "learning_rate"), std::string("null"));
  QCOMPARE(value(folder.database(), "best_step", "learning_rate"), std::string("null"));
  QCOMPARE(value(folder.database(), "last", "cos_b_j", 2), std::string("0.5"));
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM run_values"), std::string("5"));
}

void TestRunValues::a_run_that_goes_on_is_read_from_its_samples() {
  Folder folder;
  RunWriter writer(folder.database(), single(uuids[0]));
  post(writer, results());
  QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM samples"), std::string("11"));
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM run_values"), std::string("0"));
  RunReader reader(folder.database());
  QCOMPARE(reader.list().front().best, 0.8);
  QCOMPARE(reader.list().front().last, 0.6);
  writer.finish(RunStatus::stopped, "");
  QCOMPARE(reader.list().front().best, 0.8);
}

void TestRunValues::resuming_forgets_them() {
  Folder folder;
  {
    RunWriter writer(folder.database(), single(uuids[0]));
    post(writer, results());
    post_checkpoint(writer, 20);
    writer.finish(RunStatus::stopped, "");
  }
  QVERIFY(ask(folder.database(), "SELECT count(*) FROM run_values") != "0");
  RunWriter writer(folder.database(), resumed(single(uuids[0]), {1}, 20));
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM run_values"), std::string("0"));
  writer.finish(RunStatus::stopped, "");
  // Steps 10 and 20 are left.
  QCOMPARE(value(folder.database(), "n", "test_accuracy"), std::string("2"));
  QCOMPARE(value(folder.database(), "last", "test_accuracy"), std::string("0.8"));
}

void TestRunValues::more_samples_forget_them() {
  Folder folder;
  RunWriter writer(folder.database(), single(uuids[0]));
  post(writer, results());
  QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM samples"), std::string("11"));
  // A program that can't see the lock, on another computer, takes the run for interrupted and sums it up.
  tell(folder.database(), "UPDATE runs SET status = 'interrupted'");
  QVERIFY(fill_run_values(folder.database()));
  QCOMPARE(value(folder.database(), "n", "test_accuracy"), std::string("4"));
  Observations more;
  more.samples.push_back(sample(0, "test_accuracy", 0, 60, 0.875));
  more.step = 60;
  post(writer, more);
  writer.finish(RunStatus::finished, "");
  QCOMPARE(value(folder.database(), "n", "test_accuracy"), std::string("5"));
  QCOMPARE(value(folder.database(), "best", "test_accuracy"), std::string("0.875"));
  QCOMPARE(value(folder.database(), "best_step", "test_accuracy"), std::string("60"));
}

void TestRunValues::missing_values_are_filled_in_pieces() {
  Folder folder;
  for (const char* uuid : uuids) stored_run(folder.database(), uuid);
  tell(folder.database(), "DELETE FROM run_values");
  // Eleven samples per run: one run per call.
  QVERIFY(!fill_run_values(folder.database(), 1));
  QCOMPARE(ask(folder.database(), "SELECT group_concat(DISTINCT run) FROM run_values"), std::string("3"));
  // What is not filled yet is read all the same.
  for (const RunSummary& run : RunReader(folder.database()).list()) QCOMPARE(run.best, 0.8);
  QVERIFY(!fill_run_values(folder.database(), 11));
  QVERIFY(fill_run_values(folder.database(), 100));
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM run_values"), std::string("15"));
  QVERIFY(fill_run_values(folder.database(), 0));
  QVERIFY(fill_run_values(folder.database("none.db")));
}

void TestRunValues::a_list_reads_values_and_no_samples() {
  Folder folder;
  for (const char* uuid : uuids) stored_run(folder.database(), uuid);
  // Were samples read, these would be seen.
  tell(folder.database(), "UPDATE samples SET value = 0.99");
  RunReader reader(folder.database());
  for (const RunSummary& run : reader.list()) {
    QCOMPARE(run.best, 0.8);
    QCOMPARE(run.last, 0.6);
  }
  RunSelection selection;
  selection.filter = RunFilter::parse("test_accuracy:best<0.81 and test_loss:mean=2");
  QCOMPARE(reader.rows(selection).size(), std::size_t{3});
}

void TestRunValues::no_question_reads_through_all_samples() {
  Folder folder;
  stored_run(folder.database(), uuids[0]);
  SQLite::Database database(folder.database());
  for (const char* question : queries::all) {
    SQLite::Statement plan(database, std::string("EXPLAIN QUERY PLAN ") + question);
    while (plan.executeStep()) {
      const std::string detail = plan.getColumn(3).getString();
      QVERIFY2(detail.find("SCAN samples") == std::string::npos,
               (std::string(question) + ": " + detail).c_str());
      QVERIFY2(detail.find("SCAN series") == std::string::npos,
               (std::string(question) + ": " + detail).c_str());
    }
  }
}

void TestRunValues::settings_measures_and_columns_come_as_cells() {
  Folder folder;
  StoredRace race = single(uuids[0], "grape");
  race.racers.front().set_text("optimizer.lr", "0.25");
  race.racers.front().set_text("model.hidden", "16,8");
  {
    RunWriter writer(folder.database(), race);
    post(writer, results());
    writer.finish(RunStatus::finished, "");
  }
  // A setting that the stored experiment is too old to have.
  tell(folder.database(), "UPDATE runs SET experiment = json_remove(experiment, '$.optimizer.clip')");
  RunSelection selection;
  selection.columns = parse_run_keys({"optimizer.lr,rule.align_rate,model.hidden", "cos_b_j,cos_b_j[2]:best",
                                      "rule", "rule.feedback_lr", "optimizer.clip", "data.normalize"});
  const std::vector<RunCell> cells = RunReader(folder.database()).rows(selection).front().cells;
  QCOMPARE(number(cells[0]), 0.25);
  QCOMPARE(number(cells[1]), 0.01);  // the contract's default of grape
  QCOMPARE(to_text(cells[2]), std::string("16,8"));
  QCOMPARE(number(cells[3]), 0.375);  // the mean of 0.25 and 0.5
  QCOMPARE(number(cells[4]), 0.5);
  QCOMPARE(to_text(cells[5]), std::string("grape"));
  QVERIFY(is_empty(cells[6]));      // dkp's, and fdfa's
  QCOMPARE(number(cells[7]), 0.0);  // the default
  QCOMPARE(to_text(cells[8]), std::string("true"));
}

void TestRunValues::what_is_not_json_has_no_settings() {
  Folder folder;
  stored_run(folder.database(), uuids[0], "bp");
  stored_run(folder.database(), uuids[1], "bp");
  tell(folder.database(), "UPDATE runs SET experiment = '{' WHERE id = 1");
  RunReader reader(folder.database());
  RunSelection selection;
  selection.columns = parse_run_keys({"optimizer.lr"});
  const std::vector<RunRow> rows = reader.rows(selection);
  QCOMPARE(rows.size(), std::size_t{2});
  QVERIFY(is_empty(rows[0].cells[0]) && !is_empty(rows[1].cells[0]));
  selection.filter = RunFilter::parse("optimizer.lr<1 and rule=bp");
  QCOMPARE(reader.rows(selection).size(), std::size_t{1});
  QVERIFY(reader.troubles().empty());
}

void TestRunValues::rows_are_ordered_and_filtered() {
  Folder folder;
  stored_run(folder.database(), uuids[0], "bp");
  stored_run(folder.database(), uuids[1], "dfa", "stopped");
  stored_run(folder.database(), uuids[2], "grape");
  RunReader reader(folder.database());
  RunSelection selection;
  selection.filter = RunFilter::parse("status=finished");
  selection.order = parse_run_key("rule");
  selection.descending = true;
  const std::vector<RunRow> rows = reader.rows(selection);
  QCOMPARE(rows.size(), std::size_t{2});
  QCOMPARE(rows[0].summary.rule, std::string("grape"));
  QCOMPARE(rows[1].summary.rule, std::string("bp"));
}

void TestRunValues::deleted_runs_are_listed_apart() {
  Folder folder;
  stored_run(folder.database(), uuids[0]);
  stored_run(folder.database(), uuids[1]);
  RunEditor(folder.database()).remove({1});
  RunReader reader(folder.database());
  QCOMPARE(reader.list().size(), std::size_t{1});
  RunSelection selection;
  selection.deleted = true;
  QCOMPARE(reader.rows(selection).front().summary.id, 1);
  QCOMPARE(reader.resolve_deleted("1"), 1);
  QVERIFY(refusal([&] { reader.resolve("1"); }).find("grapevine-cli restore 1") != std::string::npos);
  QVERIFY(refusal([&] { reader.resolve_deleted("2"); }).find("was not deleted") != std::string::npos);
}

// "delete 99" must not take the run whose uuid happens to begin so.
void TestRunValues::a_short_number_is_no_uuid() {
  Folder folder;
  stored_run(folder.database(), uuids[0]);  // 11111111-…
  RunReader reader(folder.database());
  QCOMPARE(reader.resolve("1"), 1);
  QVERIFY(refusal([&] { reader.resolve("11"); }).find("no run '11'") != std::string::npos);
  QCOMPARE(reader.resolve("11111111"), 1);
  QCOMPARE(reader.resolve("11111111-0000"), 1);
}

QTEST_APPLESS_MAIN(TestRunValues)
#include "test_run_values.moc"
