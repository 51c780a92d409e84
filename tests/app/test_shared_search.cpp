// A search of each rule's own learning rate over several machines: every share has its part of the search,
// and merged they come to what one machine does; the same as jobs of Slurm.
#include <set>

#include "tests/app/terminal.h"

class TestSharedSearch : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void shares_cover_the_search_once();
  void merged_shares_choose_what_one_machine_does();
  void the_search_may_be_in_another_database();
  void a_value_that_fails_is_one_that_was_tried();
  void with_one_seed_the_search_is_all();
  void slurm_trains_the_search_and_then_the_chosen_values();
  void a_dry_run_of_slurm_writes_nothing();
  void the_jobs_know_the_data_folder();
  void what_can_not_be_meant_is_refused_data();
  void what_can_not_be_meant_is_refused();

 private:
  QStringList sweep(const QStringList& more) const {
    return small(QStringList{"sweep", file_, "--tune", "optimizer.lr"} + more);
  }
  static QStringList small(const QStringList& words);
  int runs_in(const QString& database) const;
  QJsonObject result_in(const QString& database) const;

  std::unique_ptr<Terminal> terminal_;
  QString file_;
};

namespace {

/// Two rules with three values and two seeds: six cells of the search, then one more of each rule.
const QByteArray grid = R"({"experiment": {"data": {"validation": 0.2}},
    "grid": {"rule.name": ["bp", "dfa"], "optimizer.lr": [1e-6, 0.01, 0.003], "seed": [0, 1]}})";

/// Without the numbers of runs, which are each database's own.
QJsonValue without_runs(const QJsonValue& value) {
  if (value.isArray()) {
    QJsonArray all;
    for (const QJsonValue& one : value.toArray()) all.append(without_runs(one));
    return all;
  }
  QJsonObject object = value.toObject();
  if (object.isEmpty()) return value;
  object.remove("run");
  object.remove("runs");
  for (const QString& key : object.keys()) object[key] = without_runs(object[key]);
  return object;
}

QString text_of(const QJsonValue& value) {
  return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
}

}  // namespace

void TestSharedSearch::init() {
  terminal_ = std::make_unique<Terminal>();
  file_ = terminal_->write("grid.json", grid);
}

QStringList TestSharedSearch::small(const QStringList& words) {
  return words + QStringList{"--threads", "1",
                             "--set",     "data.name=shapes",
                             "--set",     "model.hidden=8",
                             "--set",     "data.train_limit=320",
                             "--set",     "data.test_limit=100",
                             "--set",     "train.batch=32",
                             "--set",     "train.max_steps=10",
                             "--set",     "probe.every=0"};
}

int TestSharedSearch::runs_in(const QString& database) const {
  return static_cast<int>(
      terminal_->run({"list", "--json", "--db", database}).json()["runs"_L1].toArray().size());
}

/// What a call without a share says of a finished search. It trains nothing then.
QJsonObject TestSharedSearch::result_in(const QString& database) const {
  const int before = runs_in(database);
  const QJsonObject result = terminal_->run(sweep({"--json", "--db", database})).json();
  return runs_in(database) == before ? result : QJsonObject();
}

void TestSharedSearch::shares_cover_the_search_once() {
  std::set<QString> seen;
  for (const char* share : {"1/4", "2/4", "3/4", "4/4"}) {
    const Outcome outcome = terminal_->run(sweep({"--cells", share, "--dry-run", "--json"}));
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    QCOMPARE(outcome.json()["stage"_L1].toString(), QString("search"));
    QCOMPARE(outcome.json()["stage_cells"_L1].toInt(), 6);
    for (const QJsonValue& cell : outcome.json()["cells"_L1].toArray()) {
      QCOMPARE(cell["settings"_L1]["seed"_L1].toString(), QString("0"));  // the first seed alone
      QVERIFY(seen.insert(text_of(cell["settings"_L1])).second);
    }
  }
  QCOMPARE(seen.size(), std::size_t{6});
  QVERIFY(terminal_->run(sweep({"--cells", "2/4", "--dry-run"}))
              .out.contains("The search: 2 of 6 cells in this share, 0 of them done\n"
                            "Then the chosen values: 1 of 2 cells in this share\n"));
  QVERIFY(terminal_->run(sweep({"--dry-run"})).out.contains("The search: 6 cells, 0 of them done\n"));
  // More machines than there are cells: some have nothing to do.
  const QJsonObject none =
      terminal_->run(sweep({"--cells", "2/18446744073709551615", "--dry-run", "--json"})).json();
  QCOMPARE(none["cells"_L1].toArray().size(), 1);
  QVERIFY(!std::filesystem::exists(terminal_->database().toStdString()));
}

void TestSharedSearch::merged_shares_choose_what_one_machine_does() {
  const QString alone = terminal_->path("alone.db");
  QCOMPARE(terminal_->run(sweep({"--db", alone})).status, 0);
  QCOMPARE(runs_in(alone), 6 + 2);

  const QStringList machines{terminal_->path("one.db"), terminal_->path("two.db")};
  const auto both = [&](const QString& stage, const QString& next) {
    for (int i = 0; i < 2; ++i) {
      const Outcome outcome =
          terminal_->run(sweep({"--cells", QString("%1/2").arg(i + 1), "--json", "--db", machines[i]}));
      QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
      QCOMPARE(outcome.json()["stage"_L1].toString(), stage);
      QVERIFY2(outcome.json()["next"_L1].toString().contains(next), qPrintable(outcome.out));
    }
  };
  both("search", "No value is chosen yet: once all shares have ended, merge their databases");
  for (const QString& one : machines) QCOMPARE(runs_in(one), 3);
  // Called again before the merge, a share trains nothing.
  both("search", "No value is chosen yet");
  for (const QString& one : machines) QCOMPARE(runs_in(one), 3);
  const auto merge = [&] {
    QCOMPARE(terminal_->run({"db", "merge", machines[1], "--db", machines[0]}).status, 0);
    QCOMPARE(terminal_->run({"db", "merge", machines[0], "--db", machines[1]}).status, 0);
  };
  merge();
  both("chosen", "the same command without --cells then shows the result");
  for (const QString& one : machines) QCOMPARE(runs_in(one), 6 + 1);
  merge();
  const QJsonValue expected = without_runs(result_in(alone));
  QCOMPARE(expected["contestants"_L1].toArray().size(), 2);
  for (const QString& one : machines) {
    QCOMPARE(runs_in(one), 6 + 2);
    QCOMPARE(text_of(without_runs(result_in(one))), text_of(expected));
  }
  both("chosen", "All shares are here");
}

/// As the jobs of an array have it: each trains into a database of its own.
void TestSharedSearch::the_search_may_be_in_another_database() {
  const QString found = terminal_->path("found.db"), own = terminal_->path("own.db");
  const QStringList words = sweep({"--cells", "1/1", "--searched", found, "--db", own});
  const Outcome missing = terminal_->run(words);
  QCOMPARE(missing.status, 2);
  QVERIFY2(is_one_line(missing.err), qPrintable(missing.err));
  QCOMPARE(terminal_->run(sweep({"--cells", "1/2", "--db", found})).status, 0);
  const Outcome half = terminal_->run(words);
  QCOMPARE(half.status, 2);
  QVERIFY2(is_one_line(half.err) && half.err.contains("the search is not finished"), qPrintable(half.err));
  QCOMPARE(terminal_->run(sweep({"--cells", "2/2", "--db", found})).status, 0);
  const Outcome outcome = terminal_->run(words);
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  QCOMPARE(runs_in(found), 6);
  QCOMPARE(runs_in(own), 2);  // the other seed of each rule's value
}

/// On one machine too it is a value that is not chosen.
void TestSharedSearch::a_value_that_fails_is_one_that_was_tried() {
  file_ = terminal_->write("grid.json", R"({"experiment": {"data": {"validation": 0.2}},
      "grid": {"optimizer.lr": [0.01, 1e30], "seed": [0, 1]}})");
  const Outcome search = terminal_->run(sweep({"--cells", "1/1", "--json"}));
  QVERIFY2(search.status == 0, qPrintable(search.err));
  QCOMPARE(search.json()["cells"_L1].toArray()[1]["status"_L1].toString(), QString("failed"));
  QVERIFY(search.json()["next"_L1].toString().startsWith("The search is finished"));
  const Outcome chosen = terminal_->run(sweep({"--cells", "1/1", "--json"}));
  QVERIFY2(chosen.status == 0, qPrintable(chosen.err));
  QCOMPARE(chosen.json()["choices"_L1].toArray()[0]["chosen"_L1].toString(), QString("0.01"));
  const QJsonArray cells = chosen.json()["cells"_L1].toArray();
  QCOMPARE(cells.size(), 1);
  QCOMPARE(cells[0]["settings"_L1]["seed"_L1].toString(), QString("1"));
}

void TestSharedSearch::with_one_seed_the_search_is_all() {
  file_ = terminal_->write("grid.json", R"({"experiment": {"data": {"validation": 0.2}},
      "grid": {"optimizer.lr": [0.01, 0.001]}})");
  const auto next = [&](const char* share) {
    return terminal_->run(sweep({"--cells", share, "--json"})).json()["next"_L1].toString();
  };
  QVERIFY(next("1/2").endsWith("the same command without --cells then shows the result."));
  QVERIFY(next("2/2").endsWith("the same command without --cells shows the result."));
  QCOMPARE(result_in(terminal_->database())["contestants"_L1].toArray().size(), 1);
  QCOMPARE(terminal_->run(small({"slurm", file_, "-o", "jobs", "--tune", "optimizer.lr"})).status, 0);
  QVERIFY(!QFile::exists(terminal_->path("jobs/chosen.sbatch")));
  QVERIFY(!terminal_->read("jobs/submit.sh").contains("chosen"));
}

/// In the place of Slurm a program that carries out at once what it is given.
void TestSharedSearch::slurm_trains_the_search_and_then_the_chosen_values() {
  terminal_->write("sbatch", R"(#!/bin/bash
set -e
echo "$*" >> "$HOME/calls"
script="${@: -1}"
jobs=$(sed -n 's/^#SBATCH --array=1-//p' "$script")
for task in $(seq "${jobs:-1}"); do SLURM_ARRAY_TASK_ID=$task bash "$script" 1>&2; done
echo "$(wc -l < "$HOME/calls");cluster"
)");
  QFile::setPermissions(terminal_->path("sbatch"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  const QString home = terminal_->path("it's home.db"), folder = terminal_->path("a job's folder");
  const Outcome outcome = terminal_->run(
      small({"slurm", file_, "-o", folder, "--tune", "optimizer.lr", "--jobs", "4", "--json", "--db", home}));
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  const QJsonObject told = outcome.json();
  QCOMPARE(told["cells"_L1].toInt(), 6);
  QCOMPARE(told["jobs"_L1].toInt(), 4);
  QCOMPARE(told["chosen_cells"_L1].toInt(), 2);
  QCOMPARE(told["chosen_jobs"_L1].toInt(), 2);
  QVERIFY(told["merge"_L1].toString().startsWith("grapevine-cli db merge "));

  QProcess shell;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("HOME", terminal_->path(""));
  environment.insert("PATH", terminal_->path("") + ":" + environment.value("PATH"));
  shell.setProcessEnvironment(environment);
  shell.start("bash", {"-c", told["submit"_L1].toString()});
  QVERIFY(shell.waitForFinished(240000));
  QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError().constData());
  // Each after the one before, by the number that sbatch gave it.
  const QList<QByteArray> calls = terminal_->read("calls").trimmed().split('\n');
  QCOMPARE(calls.size(), 4);
  QVERIFY(!calls[0].contains("--dependency") && calls[0].endsWith("/search.sbatch"));
  QVERIFY(calls[1].contains("--dependency=afterok:1 ") && calls[1].endsWith("/collect.sbatch"));
  QVERIFY(calls[2].contains("--dependency=afterok:2 ") && calls[2].endsWith("/chosen.sbatch"));
  QVERIFY(calls[3].contains("--dependency=afterany:3 ") && calls[3].endsWith("/home.sbatch"));

  QCOMPARE(runs_in(home), 6 + 2);
  QCOMPARE(terminal_->run(sweep({"--db", terminal_->path("alone.db")})).status, 0);
  QCOMPARE(text_of(without_runs(result_in(home))),
           text_of(without_runs(result_in(terminal_->path("alone.db")))));
}

void TestSharedSearch::a_dry_run_of_slurm_writes_nothing() {
  const QString folder = terminal_->path("jobs");
  const Outcome search =
      terminal_->run(small({"slurm", file_, "-o", folder, "--tune", "optimizer.lr", "--dry-run"}));
  QCOMPARE(search.status, 0);
  QCOMPARE(search.out, QString("6 cells of the search, 6 jobs\nThen 2 cells of the chosen values, 2 jobs\n"));
  const Outcome whole = terminal_->run(small({"slurm", file_, "-o", folder, "--dry-run"}));
  QCOMPARE(whole.out, QString("12 cells, 12 jobs\n"));
  QVERIFY(!QFile::exists(folder));
}

void TestSharedSearch::the_jobs_know_the_data_folder() {
  const QString folder = terminal_->path("elsewhere");
  const Outcome outcome = terminal_->run({"slurm", file_, "-o", "jobs", "--data-dir", folder, "--json"});
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  QVERIFY(outcome.json()["merge"_L1].toString().endsWith(" --db " + folder + "/grapevine.db"));
  QVERIFY(terminal_->read("jobs/sweep.sbatch").contains(" --data-dir " + folder.toUtf8() + " "));
}

void TestSharedSearch::what_can_not_be_meant_is_refused_data() {
  QTest::addColumn<QStringList>("words");
  QTest::addColumn<QString>("message");
  const QString jobs = "jobs";
  const auto row = [](const char* name, const QStringList& words, const char* message) {
    QTest::newRow(name) << words << QString(message);
  };
  row("a cell", {"sweep", "grid.json", "--tune", "optimizer.lr", "--cell", "1"}, "--cells");
  row("a cell and a share", {"sweep", "grid.json", "--tune", "optimizer.lr", "--cell", "1", "--cells", "1/2"},
      "--cell");
  row("not a share", {"sweep", "grid.json", "--tune", "optimizer.lr", "--cells", "3/2"}, "2/5");
  row("found, without a search", {"sweep", "grid.json", "--searched", "x.db"}, "--tune");
  row("found, without a share", {"sweep", "grid.json", "--tune", "optimizer.lr", "--searched", "x.db"},
      "--cells");
  row("what is compared", {"slurm", "grid.json", "-o", jobs, "--tune", "rule.name"}, "what is compared");
  row("not in the grid", {"slurm", "grid.json", "-o", jobs, "--tune", "train.batch"}, "train.batch");
}

void TestSharedSearch::what_can_not_be_meant_is_refused() {
  QFETCH(QStringList, words);
  QFETCH(QString, message);
  const Outcome outcome = terminal_->run(words);
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err) && outcome.err.contains(message), qPrintable(outcome.err));
  QVERIFY(!QFile::exists(terminal_->path("jobs")));
  QVERIFY(!std::filesystem::exists(terminal_->database().toStdString()));
}

QTEST_GUILESS_MAIN(TestSharedSearch)
#include "test_shared_search.moc"
