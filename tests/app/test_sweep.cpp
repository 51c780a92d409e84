// Sweeps in the terminal: cells one after the other, a result over seeds, and continuing after a stop.
#include <SQLiteCpp/SQLiteCpp.h>

#include <cmath>

#include "tests/app/cut_short.h"

class TestSweep : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_sweep_trains_its_cells_and_tells_their_spread();
  void finished_cells_are_skipped_and_new_ones_trained();
  void a_stopped_sweep_goes_on_to_the_same_numbers();
  void a_failed_cell_does_not_end_the_sweep();
  void cells_side_by_side_come_to_the_same_numbers();
  void cells_side_by_side_stop_and_go_on();
  void cells_stopped_before_their_first_step_have_not_failed();
  void a_failed_cell_side_by_side_says_why();
  void two_sweeps_at_once_train_each_cell_once_data();
  void two_sweeps_at_once_train_each_cell_once();
  void cells_of_another_program_are_not_waited_for();
  void a_dry_run_trains_nothing();
  void some_sweeps_come_with_the_program();
  void shares_of_a_sweep_come_together();
  void slurm_writes_an_array_that_trains_every_cell_once();
  void a_search_gives_every_rule_the_same_tries();
  void wrong_grids_store_nothing();
  void a_database_that_goes_away_is_said_data();
  void a_database_that_goes_away_is_said();
  void runs_of_a_sweep_that_go_away_are_said();
};

namespace {

const QByteArray grid = R"({"experiment": {"optimizer": {"lr": 0.001}},
                            "grid": {"rule.name": ["bp", "dfa"], "seed": [0, 1, 2]}})";

/// A network of one hidden layer, ten steps an epoch.
QStringList small(QStringList arguments, int epochs = 1) {
  return arguments + QStringList{"--threads", "1",
                                 "--set",     "data.name=shapes",
                                 "--set",     "model.hidden=16",
                                 "--set",     "data.train_limit=320",
                                 "--set",     "data.test_limit=100",
                                 "--set",     "train.batch=32",
                                 "--set",     "probe.every=0",
                                 "--set",     "train.epochs=" + QString::number(epochs)};
}

int runs_in(const Terminal& terminal) {
  return static_cast<int>(terminal.run({"list", "--json"}).json()["runs"_L1].toArray().size());
}

QStringList samples(const Terminal& terminal, int run) {
  return samples_of(terminal.run({"export", QString::number(run), "--format", "csv"}).out.toUtf8());
}

/// The first column of a query; "" while there is no database.
QString ask(const Terminal& terminal, const std::string& sql) {
  if (!std::filesystem::exists(terminal.database().toStdString())) return {};
  try {
    SQLite::Database file(terminal.database().toStdString(), SQLite::OPEN_READWRITE, 5000);
    SQLite::Statement query(file, sql);
    return query.executeStep() ? QString::fromStdString(query.getColumn(0).getString()) : QString();
  } catch (const SQLite::Exception&) {
    return {};
  }
}

}  // namespace

void TestSweep::a_sweep_trains_its_cells_and_tells_their_spread() {
  const Terminal terminal;
  const Outcome outcome = terminal.run(small({"sweep", terminal.write("grid.json", grid), "--json"}));
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  for (int k = 1; k <= 6; ++k) QVERIFY(outcome.err.contains(QString("Cell %1 of 6: ").arg(k)));
  // The time left is said once a cell has ended; nobody is at a terminal, so in lines.
  const QRegularExpression first("^Cell 1 of 6: [^,]*$", QRegularExpression::MultilineOption),
      last("^Cell 6 of 6: .*, about \\S+( ms| s)? left$", QRegularExpression::MultilineOption);
  QVERIFY2(outcome.err.contains(first) && outcome.err.contains(last), qPrintable(outcome.err));
  QVERIFY(!outcome.err.contains(QChar(0x1b)) && !outcome.err.contains('\r'));
  const QJsonObject sweep = outcome.json();
  QCOMPARE(sweep["status"_L1].toString(), QString("finished"));
  const QJsonArray cells = sweep["cells"_L1].toArray(), groups = sweep["groups"_L1].toArray();
  QCOMPARE(cells.size(), 6);
  QCOMPARE(groups.size(), 2);
  // Mean and deviation, computed here from the runs' own documents.
  double sum = 0, squares = 0;
  for (int i = 0; i < 3; ++i) {
    const QJsonObject run =
        terminal.run({"show", QString::number(cells[i]["run"_L1].toInt()), "--json"}).json();
    QCOMPARE(run["experiment"_L1]["rule"_L1]["name"_L1].toString(), QString("bp"));
    QCOMPARE(run["experiment"_L1]["seed"_L1].toInt(), i);
    const double best = run["best_test_accuracy"_L1].toDouble();
    sum += best;
    squares += best * best;
  }
  const QJsonObject best = groups[0]["best_test_accuracy"_L1].toObject();
  QCOMPARE(best["n"_L1].toInt(), 3);
  QVERIFY(std::abs(best["mean"_L1].toDouble() - sum / 3) < 1e-12);
  QVERIFY(std::abs(best["std"_L1].toDouble() - std::sqrt((squares - sum * sum / 3) / 2)) < 1e-9);
  QCOMPARE(ask(terminal, "SELECT count(*) FROM runs WHERE group_kind = 'sweep' AND group_uuid = '" +
                             sweep["sweep"_L1].toString().toStdString() + "'"),
           QString("6"));
}

void TestSweep::finished_cells_are_skipped_and_new_ones_trained() {
  const Terminal terminal;
  const QString file = terminal.write("grid.json", R"({"grid": {"seed": [0, 1]}})");
  QCOMPARE(terminal.run(small({"sweep", file, "--quiet"})).status, 0);
  const Outcome again = terminal.run(small({"sweep", file}));
  QCOMPARE(again.status, 0);
  QVERIFY2(again.out.contains("Cell 2 of 2: seed=1 is done (run 2)"), qPrintable(again.out));
  QVERIFY2(again.out.contains("2 of 2") && again.out.contains(" ± "), qPrintable(again.out));
  QCOMPARE(runs_in(terminal), 2);
  terminal.write("grid.json", R"({"grid": {"seed": [0, 1, 2]}})");
  QCOMPARE(terminal.run(small({"sweep", file, "--quiet"})).status, 0);
  QCOMPARE(runs_in(terminal), 3);
  // Other settings are other cells.
  QCOMPARE(terminal.run(small({"sweep", file, "--quiet", "--set", "optimizer.lr=0.5"})).status, 0);
  QCOMPARE(runs_in(terminal), 6);
}

void TestSweep::a_stopped_sweep_goes_on_to_the_same_numbers() {
  const CutShort sweep = cut_short(
      100, SIGINT,
      [](const Terminal& at, int epochs) {
        return small({"sweep", at.write("grid.json", R"({"grid": {"seed": [0, 1]}})"), "--json"}, epochs);
      },
      [](const Terminal& begun) { return ask(begun, "SELECT max(steps) FROM runs").toInt() > 0; });
  const Terminal& terminal = *sweep.terminal;
  const Outcome& stopped = sweep.outcome;
  QCOMPARE(stopped.status, 130);
  QCOMPARE(stopped.json()["status"_L1].toString(), QString("stopped"));
  QVERIFY2(stopped.err.contains("continues"), qPrintable(stopped.err));
  const Outcome rest = terminal.run(sweep.arguments);
  QVERIFY2(rest.status == 0, qPrintable(rest.err));
  QCOMPARE(runs_in(terminal), 2);  // the stopped run itself continued
  // A run never stopped, with the same settings.
  QStringList whole = small({"train", "--seed", "0"}, sweep.epochs);
  QCOMPARE(terminal.run(whole).status, 0);
  const QStringList expected = samples(terminal, 3);
  QVERIFY(expected.size() > 1000);
  QCOMPARE(samples(terminal, 1), expected);
}

void TestSweep::a_failed_cell_does_not_end_the_sweep() {
  const Terminal terminal;
  const QString file = terminal.write(
      "grid.json",
      R"({"experiment": {"rule": {"name": "bp"}, "optimizer": {"name": "sgd"}}, "grid": {"optimizer.lr": [1e38, 0.01]}})");
  const Outcome outcome = terminal.run(small({"sweep", file, "--json"}));
  QCOMPARE(outcome.status, 1);
  const QJsonArray cells = outcome.json()["cells"_L1].toArray();
  QCOMPARE(cells[0]["status"_L1].toString(), QString("failed"));
  QCOMPARE(cells[1]["status"_L1].toString(), QString("finished"));
  QCOMPARE(outcome.json()["groups"_L1][0]["finished"_L1].toInt(-1), 0);
}

// Two processes, one thread each: run for run the samples of `sweep --threads 1`.
void TestSweep::cells_side_by_side_come_to_the_same_numbers() {
  const Terminal one, beside;
  QStringList arguments = small({"sweep", one.write("grid.json", grid), "--json"});
  const QJsonArray alone = one.run(arguments).json()["cells"_L1].toArray();
  arguments[1] = beside.write("grid.json", grid);
  arguments.removeOne("--threads");
  arguments.removeOne("1");
  const Outcome outcome = beside.run(arguments + QStringList{"--jobs", "2"});
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  const QJsonArray cells = outcome.json()["cells"_L1].toArray();
  QCOMPARE(cells.size(), 6);
  for (int i = 0; i < 6; ++i) {
    QCOMPARE(cells[i]["status"_L1].toString(), QString("finished"));
    QCOMPARE(cells[i]["settings"_L1], alone[i]["settings"_L1]);
    QCOMPARE(samples(beside, cells[i]["run"_L1].toInt()), samples(one, alone[i]["run"_L1].toInt()));
  }
  QCOMPARE(ask(beside, "SELECT group_concat(DISTINCT threads) FROM runs"), QString("1"));
  // In two processes, and none of them this test's.
  QVERIFY(ask(beside, "SELECT count(DISTINCT pid) FROM runs").toInt() == 2);
  // Called again there is nothing to do, and nobody is started for it.
  QVERIFY(beside.run(arguments + QStringList{"--jobs", "0"}).status == 0);
  QCOMPARE(runs_in(beside), 6);
}

void TestSweep::cells_side_by_side_stop_and_go_on() {
  const Terminal terminal;
  const QStringList arguments =
      small({"sweep", terminal.write("grid.json", grid), "--json", "--jobs", "2"}, 400);
  const auto process = terminal.start(arguments);
  QTRY_VERIFY_WITH_TIMEOUT(ask(terminal, "SELECT count(*) FROM runs WHERE steps > 5").toInt() >= 2, 60000);
  ::kill(static_cast<pid_t>(process->processId()), SIGINT);
  const Outcome outcome = Terminal::end_of(*process);
  QCOMPARE(outcome.status, 130);
  QCOMPARE(outcome.json()["status"_L1].toString(), QString("stopped"));
  // Both that continued are stored and can be resumed; nobody works on them.
  QCOMPARE(ask(terminal, "SELECT group_concat(DISTINCT status) FROM runs"), QString("stopped"));
  QCOMPARE(runs_in(terminal), 2);
  QVERIFY(terminal.run(small({"sweep", terminal.path("grid.json"), "--dry-run"}, 400))
              .out.contains("6 cells, 0 of them done"));
}

void TestSweep::cells_stopped_before_their_first_step_have_not_failed() {
  const Terminal terminal;
  const QString file = terminal.write("grid.json", R"({"grid": {"seed": [0, 1]}})");
  for (const auto& [jobs, later] : {std::pair{"2", 0}, {"2", 1000}, {"1", 1000}}) {
    // So many images take seconds to paint.
    const auto process = terminal.start(
        {"sweep", file, "--jobs", jobs, "--set", "data.name=shapes", "--set", "data.train_limit=200000"});
    QByteArray lines;
    const auto begun = [&] {
      lines += process->readAllStandardOutput();
      return lines.contains("Cell 1 of 2");
    };
    QTRY_VERIFY_WITH_TIMEOUT(begun(), 60000);
    QTest::qWait(later);
    ::kill(static_cast<pid_t>(process->processId()), SIGINT);
    const Outcome outcome = Terminal::end_of(*process);
    QCOMPARE(outcome.status, 130);
    QVERIFY2(!outcome.err.contains("failed"), qPrintable(outcome.err));
  }
}

void TestSweep::a_failed_cell_side_by_side_says_why() {
  const Terminal terminal;
  const QByteArray with_a_wild_one = R"({"experiment": {"optimizer": {"name": "sgd"}, "rule": {"name": "bp"}},
                                         "grid": {"optimizer.lr": [0.01, 1e30]}})";
  const QString file = terminal.write("grid.json", with_a_wild_one);
  const Outcome outcome = terminal.run(small({"sweep", file, "--json", "--jobs", "2"}));
  QVERIFY2(outcome.status == 1, qPrintable(outcome.err));
  QVERIFY2(outcome.err.contains("Cell 2 of 2: optimizer.lr=1e+30 failed: the loss is not a number"),
           qPrintable(outcome.err));
  const QJsonArray cells = outcome.json()["cells"_L1].toArray();
  QCOMPARE(cells[0]["status"_L1].toString(), QString("finished"));
  QVERIFY(cells[1]["failure"_L1].toString().startsWith("the loss is not a number"));
  const QString failed =
      QString("Failed: optimizer.lr=1e+30, run %1: the loss").arg(cells[1]["run"_L1].toInt());
  const Outcome later = terminal.run(small({"sweep", file, "--dry-run"}));
  QVERIFY2(later.out.contains(failed), qPrintable(later.out));
}

void TestSweep::two_sweeps_at_once_train_each_cell_once_data() {
  QTest::addColumn<QStringList>("more");
  QTest::newRow("in turn") << QStringList();
  QTest::newRow("side by side") << QStringList{"--jobs", "2"};
}

void TestSweep::two_sweeps_at_once_train_each_cell_once() {
  QFETCH(QStringList, more);
  const Terminal terminal;
  const QStringList sweep = small({"sweep", terminal.write("grid.json", grid), "--quiet"}, 20) + more;
  const auto one = terminal.start(sweep), other = terminal.start(sweep);
  // The one that is through first does not wait for the other's last cells.
  for (const Outcome& outcome : {Terminal::end_of(*one), Terminal::end_of(*other)})
    QVERIFY2(outcome.status == 0 || (outcome.status == 1 && outcome.err.contains("still being trained by")),
             qPrintable(outcome.err));
  QCOMPARE(runs_in(terminal), 6);
  const Outcome after = terminal.run(sweep);
  QVERIFY2(after.status == 0, qPrintable(after.err));
  QCOMPARE(runs_in(terminal), 6);
}

// The first cell is another program's for as long as this takes: once the second has ended no time is left.
void TestSweep::cells_of_another_program_are_not_waited_for() {
  const Terminal terminal;
  const QString file = terminal.write("grid.json", R"({"grid": {"train.epochs": [100000, 1]}})");
  QStringList sweep = small({"sweep", file, "--json"});
  sweep.remove(sweep.size() - 2, 2);  // the grid has the epochs
  const auto other = terminal.start(sweep);
  QTRY_COMPARE_WITH_TIMEOUT(ask(terminal, "SELECT count(*) FROM runs"), QString("1"), 60000);
  for (const QStringList& more : {QStringList{"--jobs", "2"}, QStringList()}) {
    const Outcome outcome = terminal.run(sweep + more);
    QVERIFY2(outcome.status == 1 && outcome.err.contains("1 cell is still being trained by another program"),
             qPrintable(outcome.err));
    QCOMPARE(outcome.json()["status"_L1].toString(), QString("running"));
    QVERIFY2(!outcome.err.contains(" left"), qPrintable(outcome.err));
  }
  other->terminate();
  QCOMPARE(Terminal::end_of(*other).status, 130);
}

void TestSweep::a_dry_run_trains_nothing() {
  const Terminal terminal;
  const Outcome outcome = terminal.run(small({"sweep", terminal.write("grid.json", grid), "--dry-run"}));
  QCOMPARE(outcome.status, 0);
  QVERIFY2(outcome.out.contains("6 cells, 0 of them done"), qPrintable(outcome.out));
  QVERIFY(!std::filesystem::exists(terminal.database().toStdString()));
}

void TestSweep::some_sweeps_come_with_the_program() {
  const Terminal terminal;
  const QJsonArray sweeps = terminal.run({"presets", "--json"}).json()["sweeps"_L1].toArray();
  const bool listed = std::any_of(sweeps.begin(), sweeps.end(), [](const QJsonValue& sweep) {
    return sweep["name"_L1] == "fair-fashion-mlp"_L1 && !sweep["title"_L1].toString().isEmpty();
  });
  QVERIFY(listed);
  // Printed, it is a file that makes the same cells: eight rules, four rates, three seeds.
  const QString printed = terminal.run({"presets", "fair-fashion-mlp"}).out;
  const QString file = terminal.write("printed.json", printed.toUtf8());
  for (const QString& sweep : {QString("fair-fashion-mlp"), file}) {
    const Outcome outcome = terminal.run({"sweep", sweep, "--dry-run", "--json"});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    QCOMPARE(outcome.json()["cells"_L1].toArray().size(), 8 * 4 * 3);
  }
  const Outcome slip = terminal.run({"sweep", "fair-fashion-mpl", "--dry-run"});
  QCOMPARE(slip.status, 2);
  QVERIFY2(slip.err.contains("did you mean fair-fashion-mlp"), qPrintable(slip.err));
}

/// Each cell by one of two machines, each with a database of its own; merged, the sweep is done.
void TestSweep::shares_of_a_sweep_come_together() {
  const Terminal terminal;
  const QString file = terminal.write("grid.json", grid);
  const auto sweep = [&](const QStringList& more) { return small(QStringList{"sweep", file} + more); };
  const Outcome first = terminal.run(sweep({"--cells", "1/2", "--json", "--db", terminal.path("one.db")}));
  QVERIFY2(first.status == 0, qPrintable(first.err));
  QCOMPARE(first.json()["cells"_L1].toArray().size(), 3);
  QVERIFY2(first.err.contains("Cell 2 of 3 of this share (number 3 of 6): "), qPrintable(first.err));
  QCOMPARE(terminal.run(sweep({"--cells", "2/2", "--db", terminal.path("two.db")})).status, 0);
  QCOMPARE(terminal.run(sweep({"--cell", "2", "--json"})).json()["cells"_L1].toArray().size(), 1);
  // A share's cells have the numbers that --cell takes.
  const QString listed = terminal.run(sweep({"--cells", "2/2", "--dry-run"})).out;
  QVERIFY2(listed.contains("\n   6  ") && !listed.contains("\n   1  "), qPrintable(listed));
  for (const char* database : {"one.db", "two.db"})
    QCOMPARE(terminal.run({"db", "merge", terminal.path(database)}).status, 0);
  const QJsonObject whole = terminal.run(sweep({"--dry-run", "--json"})).json();
  QCOMPARE(whole["cells"_L1].toArray().size(), 6);
  for (const QJsonValue& cell : whole["cells"_L1].toArray())
    QCOMPARE(cell["status"_L1].toString(), QString("finished"));
  for (const char* share : {"0/2", "3/2", "1/", "x/2", "1/2/3", "-1/2"})
    QCOMPARE(terminal.run(sweep({"--dry-run", "--cells", share})).status, 2);
  QCOMPARE(terminal.run(sweep({"--dry-run", "--cell", "7"})).status, 2);
  QCOMPARE(terminal.run(sweep({"--dry-run", "--cell", "1", "--cells", "1/2"})).status, 2);
}

/// What Slurm would do: the script once for each number of the array.
void TestSweep::slurm_writes_an_array_that_trains_every_cell_once() {
  const Terminal terminal;
  const QString file = terminal.write("grid.json", grid);
  const Outcome outcome =
      terminal.run(small({"slurm", file, "-o", terminal.path("a job's folder"), "--jobs", "2", "--json"}));
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  QCOMPARE(outcome.json()["cells"_L1].toInt(), 6);
  QCOMPARE(outcome.json()["jobs"_L1].toInt(), 2);
  const QString script = outcome.json()["script"_L1].toString();
  QVERIFY(terminal.read("a job's folder/sweep.sbatch").contains("#SBATCH --array=1-2\n"));
  for (const char* task : {"1", "2"}) {
    QProcess job;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("HOME", terminal.path(""));
    environment.insert("SLURM_ARRAY_TASK_ID", task);
    job.setProcessEnvironment(environment);
    job.start("bash", {script});
    QVERIFY(job.waitForFinished(120000));
    QVERIFY2(job.exitCode() == 0, job.readAllStandardError().constData());
  }
  QProcess merge;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("PATH", QStringLiteral(GRAPEVINE_BIN_DIR ":") + environment.value("PATH"));
  environment.insert("XDG_DATA_HOME", terminal.path("data"));
  merge.setProcessEnvironment(environment);
  merge.start("sh", {terminal.path("a job's folder/merge.sh")});
  QVERIFY(merge.waitForFinished(60000));
  QCOMPARE(merge.exitCode(), 0);
  QCOMPARE(runs_in(terminal), 6);
  QCOMPARE(ask(terminal, "SELECT count(DISTINCT group_uuid) FROM runs WHERE group_kind = 'sweep'"),
           QString("1"));
  QCOMPARE(terminal.run({"slurm", file}).status, 2);  // without a folder
}

void TestSweep::a_search_gives_every_rule_the_same_tries() {
  const Terminal terminal;
  const QString file = terminal.write("grid.json", R"({
      "experiment": {"data": {"validation": 0.2}},
      "grid": {"rule.name": ["bp", "dfa"], "optimizer.lr": [1e-6, 0.01, 0.003], "seed": [0, 1]}})");
  const QStringList words = small({"sweep", file, "--tune", "optimizer.lr", "--json"});
  const Outcome outcome = terminal.run(words);
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  // Three tries each with the first seed, and the other seed for what was chosen: not the whole grid.
  QCOMPARE(runs_in(terminal), 2 * 3 + 2);
  const QJsonObject result = outcome.json();
  QCOMPARE(result["by"_L1].toString(), QString("best_validation_accuracy"));
  const auto of_run = [&](int run, QLatin1String number) {
    return terminal.run({"show", QString::number(run), "--json"}).json()[number].toDouble();
  };
  double test_before = 2;
  for (const QJsonValue& contestant : result["contestants"_L1].toArray()) {
    QCOMPARE(contestant["budget"_L1].toInt(), 3);
    QString best;
    double highest = -1;
    for (const QJsonValue& tried : contestant["search"_L1].toArray()) {
      const int run = tried["run"_L1].toInt();
      QCOMPARE(ask(terminal, "SELECT seed || rule FROM runs WHERE id = " + std::to_string(run)),
               "0" + contestant["settings"_L1]["rule.name"_L1].toString());
      const double value = of_run(run, "best_validation_accuracy"_L1);
      QCOMPARE(tried["best_validation_accuracy"_L1].toDouble(), value);
      if (value > highest) highest = value, best = tried["value"_L1].toString();
    }
    QCOMPARE(contestant["chosen"_L1].toString(), best);
    const QJsonArray runs = contestant["runs"_L1].toArray();
    QCOMPARE(runs.size(), 2);
    const double mean = (of_run(runs[0].toInt(), "final_test_accuracy"_L1) +
                         of_run(runs[1].toInt(), "final_test_accuracy"_L1)) /
                        2;
    QVERIFY(std::abs(contestant["test"_L1]["mean"_L1].toDouble() - mean) < 1e-12);
    QVERIFY(mean <= test_before);  // the best first
    test_before = mean;
  }
  // The same again trains nothing, and says the same.
  QCOMPARE(terminal.run(words).json(), result);
  QCOMPARE(runs_in(terminal), 8);
  const Outcome table = terminal.run(small({"sweep", file, "--tune", "optimizer.lr"}));
  QVERIFY(table.out.contains("rule.name=bp") && table.out.contains("values tried"));

  const Outcome refused =
      terminal.run(small({"sweep", terminal.write("blind.json", grid), "--tune", "optimizer.lr"}));
  QCOMPARE(refused.status, 2);
  QVERIFY2(refused.err.contains("data.validation"), qPrintable(refused.err));
  QCOMPARE(runs_in(terminal), 8);
}

void TestSweep::wrong_grids_store_nothing() {
  const Terminal terminal;
  const QString file = terminal.write("grid.json", R"({"grid": {"sead": [1]}})");
  for (const QStringList& arguments :
       {QStringList{"sweep", file}, {"sweep"}, {"sweep", "none.json"}, {"sweep", file, "--set", "a=b"}}) {
    const Outcome outcome = terminal.run(arguments);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  }
  QVERIFY(!std::filesystem::exists(terminal.database().toStdString()));
}

void TestSweep::a_database_that_goes_away_is_said_data() {
  QTest::addColumn<QString>("how");
  QTest::addColumn<QString>("jobs");
  for (const char* how : {"deleted", "moved", "replaced"}) QTest::newRow(how) << how << "1";
  QTest::newRow("deleted, side by side") << "deleted"
                                         << "2";
}

/// Whether that is between two cells or within one.
void TestSweep::a_database_that_goes_away_is_said() {
  QFETCH(QString, how);
  QFETCH(QString, jobs);
  namespace fs = std::filesystem;
  const Terminal terminal;
  const QString other = terminal.path("other.db");
  QCOMPARE(terminal.run(small({"train", "--quiet", "--db", other})).status, 0);
  const QString file =
      terminal.write("grid.json", R"({"grid": {"rule.name": ["bp", "dfa"], "seed": [0, 1, 2, 3, 4, 5]}})");
  const auto process = terminal.start(small({"sweep", file, "--json", "--jobs", jobs}, 200));
  QTRY_VERIFY_WITH_TIMEOUT(ask(terminal, "SELECT count(*) FROM runs WHERE status = 'finished'").toInt() >= 1,
                           60000);
  const std::string database = terminal.database().toStdString();
  if (how == "moved")
    fs::rename(database, terminal.path("away.db").toStdString());
  else
    for (const char* ending : {"", "-wal", "-shm"}) fs::remove(database + ending);
  if (how == "replaced") fs::rename(other.toStdString(), database);
  const Outcome outcome = Terminal::end_of(*process);
  QVERIFY2(outcome.status == 1, qPrintable(outcome.err));
  QVERIFY2(outcome.err.contains(" while the sweep was running: ") &&
               outcome.err.contains(" not in it; running the sweep again"),
           qPrintable(outcome.err));
  QCOMPARE(outcome.json()["status"_L1].toString(), QString("failed"));
  for (const QJsonValue& cell : outcome.json()["cells"_L1].toArray()) {
    QVERIFY2(cell["run"_L1].isNull(), qPrintable(outcome.out + outcome.err));
    QVERIFY(cell["best_test_accuracy"_L1].isUndefined());
  }
  if (how != "replaced") return;
  // The other database is as it was, and whole.
  QCOMPARE(runs_in(terminal), 1);
  SQLite::Database replacement(database, SQLite::OPEN_READONLY, 5000);
  QCOMPARE(replacement.execAndGet("PRAGMA integrity_check").getString(), std::string("ok"));
}

/// The number of a run that is gone may be another's by then.
void TestSweep::runs_of_a_sweep_that_go_away_are_said() {
  const Terminal terminal;
  const QString file = terminal.write("grid.json", R"({"grid": {"seed": [0, 1, 2, 3, 4, 5]}})");
  const auto process = terminal.start(small({"sweep", file, "--json"}, 200));
  QTRY_VERIFY_WITH_TIMEOUT(ask(terminal, "SELECT count(*) FROM runs WHERE status = 'finished'").toInt() >= 1,
                           60000);
  QCOMPARE(terminal.run({"delete", "1"}).status, 0);
  const Outcome outcome = Terminal::end_of(*process);
  QVERIFY2(outcome.status == 1, qPrintable(outcome.err));
  QVERIFY2(outcome.err.contains("1 finished cell is not in it"), qPrintable(outcome.err));
  const QJsonArray cells = outcome.json()["cells"_L1].toArray();
  QVERIFY(cells[0]["run"_L1].isNull());
  QCOMPARE(cells[1]["status"_L1].toString(), QString("finished"));
  QVERIFY(cells[5]["best_test_accuracy"_L1].isDouble());
}

QTEST_GUILESS_MAIN(TestSweep)
#include "test_sweep.moc"
