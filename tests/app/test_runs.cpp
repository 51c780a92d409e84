// Training and what is told of it: JSON as the contract says, tables, exports, failures, races.
#include "tests/app/terminal.h"

class TestRuns : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void train_gives_the_contracts_document();
  void what_was_trained_can_be_listed_shown_compared_and_exported();
  void on_a_pipe_there_are_lines_and_no_control_characters();
  void quiet_prints_the_result_only();
  void the_same_seed_gives_the_same_samples();
  void a_racer_has_the_numbers_of_the_same_run_alone();
  void a_loss_that_leaves_the_numbers_fails_the_run();
  void in_a_race_only_the_broken_racer_fails();
  void wrong_input_stores_nothing_data();
  void wrong_input_stores_nothing();
  void an_export_that_cannot_be_written_leaves_nothing();
  void vectors_that_cannot_be_read_are_wrong_input();
  void the_doctor_finds_the_engine_sound();
  void bench_times_each_rule_and_its_parts();
};

namespace {

QByteArray csv_of(const Terminal& terminal, int run) {
  return terminal.run({"export", QString::number(run), "--format", "csv"}).out.toUtf8();
}

}  // namespace

void TestRuns::train_gives_the_contracts_document() {
  const Terminal terminal;
  const Outcome outcome = terminal.run(Terminal::small({"train", "--json", "--seed", "4"}));
  QCOMPARE(outcome.status, 0);
  const QJsonObject run = outcome.json();
  QCOMPARE(run["run"_L1].toInt(), 1);
  QCOMPARE(run["status"_L1].toString(), QString("finished"));
  QCOMPARE(run["steps"_L1].toInt(), 20);  // 640 / 64 · 2
  QCOMPARE(run["experiment"_L1]["seed"_L1].toInt(), 4);
  QCOMPARE(run["experiment"_L1]["threads"_L1].toInt(), 1);
  const QJsonArray epochs = run["epochs"_L1].toArray();
  QCOMPARE(epochs.size(), 2);
  double best = 0;
  for (int i = 0; i < 2; ++i) {
    QCOMPARE(epochs[i]["epoch"_L1].toInt(), i + 1);
    QVERIFY(epochs[i]["train_loss"_L1].toDouble() > 0 && epochs[i]["test_loss"_L1].toDouble() > 0);
    for (const char* accuracy : {"train_accuracy", "test_accuracy"})
      QVERIFY(epochs[i][QLatin1StringView(accuracy)].toDouble(-1) >= 0 &&
              epochs[i][QLatin1StringView(accuracy)].toDouble() <= 1);
    QVERIFY(epochs[i]["seconds"_L1].toDouble() > 0);
    best = std::max(best, epochs[i]["test_accuracy"_L1].toDouble());
  }
  QCOMPARE(run["best_test_accuracy"_L1].toDouble(), best);
  QCOMPARE(run["final_test_accuracy"_L1].toDouble(), epochs[1]["test_accuracy"_L1].toDouble());
  // Two hidden layers: two feedback points, three segments.
  QCOMPARE(run["alignment"_L1].toObject().keys(), (QStringList{"1", "2", "3"}));
  for (const char* measure : {"cos_b_j", "cos_delta", "cos_update"}) {
    const double cosine = run["alignment"_L1]["1"_L1][QLatin1StringView(measure)].toDouble(-2);
    QVERIFY2(cosine >= -1.000001 && cosine <= 1.000001, measure);
  }
  QCOMPARE(run["calibrations"_L1].toInt(-1), 0);
  QCOMPARE(run["events"_L1].toArray().last()["kind"_L1].toString(), QString("finished"));
}

void TestRuns::what_was_trained_can_be_listed_shown_compared_and_exported() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train", "--set", "name=first"})).status, 0);
  const Outcome second = terminal.run(Terminal::small({"train", "--json", "--set", "rule.name=bp"}));
  const QJsonArray list = terminal.run({"list", "--json"}).json()["runs"_L1].toArray();
  QCOMPARE(list.size(), 2);
  QCOMPARE(list[0]["id"_L1].toInt(), 2);  // newest first
  QCOMPARE(list[0]["rule"_L1].toString(), QString("bp"));
  QCOMPARE(list[1]["name"_L1].toString(), QString("first"));
  QCOMPARE(list[0]["best_test_accuracy"_L1], second.json()["best_test_accuracy"_L1]);
  // What is stored is what was told, whether it is named by id or by the beginning of its uuid.
  const QString uuid = second.json()["uuid"_L1].toString();
  for (const QString& id : {QString("2"), uuid.left(8)})
    QCOMPARE(terminal.run({"show", id, "--json"}).json()["epochs"_L1], second.json()["epochs"_L1]);
  const Outcome shown = terminal.run({"show", "2"});
  QVERIFY(shown.out.contains(uuid) && shown.out.contains("--set rule.name=bp"));
  const QJsonObject differences =
      terminal.run({"compare", "1", "2", "--json"}).json()["differences"_L1].toObject();
  QVERIFY(differences.contains("rule.name") && differences.contains("name"));
  QVERIFY(!differences.contains("optimizer.lr"));

  const QByteArray csv = csv_of(terminal, 2);
  QVERIFY(csv.startsWith("measure,point,step,epoch,seconds,value\n"));
  const Outcome file = terminal.run({"export", "2", "-o", "run.csv"});
  QCOMPARE(file.status, 0);
  QCOMPARE(terminal.read("run.csv"), csv);
  const QJsonArray series = terminal.run({"export", "2", "--format", "json"}).json()["series"_L1].toArray();
  int points = 0;
  for (const QJsonValue& one : series) points += static_cast<int>(one["value"_L1].toArray().size());
  QCOMPARE(points, static_cast<int>(csv.count('\n')) - 1);
  QCOMPARE(terminal.run({"export", "2", "-o", "run.checkpoint"}).status, 0);
  QVERIFY(terminal.read("run.checkpoint").startsWith("GRAPEVCK"));
}

void TestRuns::on_a_pipe_there_are_lines_and_no_control_characters() {
  const Outcome outcome =
      Terminal().run(Terminal::small({"race", "--rules", "bp,dfa", "--set", "name=a\033[31mb"}));
  QCOMPARE(outcome.status, 0);
  QVERIFY2(outcome.err.isEmpty(), qPrintable(outcome.err));
  for (const QChar c : outcome.out) QVERIFY(c == '\n' || c >= ' ');
  QCOMPARE(outcome.out.count("\nepoch "), 4);  // two epochs of two racers
}

void TestRuns::quiet_prints_the_result_only() {
  const Outcome outcome = Terminal().run(Terminal::small({"train", "--quiet"}));
  QCOMPARE(outcome.status, 0);
  QVERIFY(outcome.err.isEmpty());
  QCOMPARE(outcome.out.count('\n'), 2);  // headings and the run
}

void TestRuns::the_same_seed_gives_the_same_samples() {
  const Terminal terminal;
  for (const char* seed : {"1", "1", "2"})
    QCOMPARE(terminal.run(Terminal::small({"train", "--seed", seed})).status, 0);
  const QStringList first = samples_of(csv_of(terminal, 1));
  QVERIFY(first.size() > 20);
  QCOMPARE(samples_of(csv_of(terminal, 2)), first);
  QVERIFY(samples_of(csv_of(terminal, 3)) != first);
}

void TestRuns::a_racer_has_the_numbers_of_the_same_run_alone() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"race", "--rules", "bp,dfa,grape"})).status, 0);
  QCOMPARE(terminal.run(Terminal::small({"train", "--set", "rule.name=grape"})).status, 0);
  QCOMPARE(samples_of(csv_of(terminal, 3)), samples_of(csv_of(terminal, 4)));
}

void TestRuns::a_loss_that_leaves_the_numbers_fails_the_run() {
  const Terminal terminal;
  const Outcome outcome = terminal.run(
      Terminal::small({"train", "--json", "--set", "optimizer.name=sgd", "--set", "optimizer.lr=1e6"}));
  QCOMPARE(outcome.status, 1);
  const QRegularExpression words(
      "the loss is not a number or infinite \\(NaN/Inf\\) at step [0-9]+, first in segment [123]\\b");
  QVERIFY2(outcome.err.contains(words), qPrintable(outcome.err));
  QCOMPARE(outcome.json()["status"_L1].toString(), QString("failed"));
  QVERIFY(outcome.json()["events"_L1].toArray().last()["cause"_L1].toString().contains(words));
  QCOMPARE(terminal.run({"list", "--json"}).json()["runs"_L1][0]["status"_L1].toString(), QString("failed"));
}

void TestRuns::in_a_race_only_the_broken_racer_fails() {
  const Terminal terminal;
  const QString file =
      terminal.write("race.json", R"({"optimizer": {"name": "sgd", "lr": 0.01}, // one of them breaks
    "race": [{"rule": {"name": "bp"}}, {"rule": {"name": "bp"}, "optimizer": {"lr": 1e6}}, {"rule": {"name": "dfa"}}]})");
  const Outcome outcome = terminal.run(Terminal::small({"race", file, "--json"}));
  QCOMPARE(outcome.status, 1);
  const QJsonArray runs = outcome.json()["runs"_L1].toArray();
  QCOMPARE(runs.size(), 3);
  for (const int whole : {0, 2}) {
    QCOMPARE(runs[whole]["status"_L1].toString(), QString("finished"));
    QCOMPARE(runs[whole]["steps"_L1].toInt(), 20);
  }
  QCOMPARE(runs[1]["status"_L1].toString(), QString("failed"));
  QCOMPARE(runs[1]["events"_L1].toArray().last()["kind"_L1].toString(), QString("failed"));
  const QJsonArray list = terminal.run({"list", "--json"}).json()["runs"_L1].toArray();
  QCOMPARE(list[1]["status"_L1].toString(), QString("failed"));
  // Nothing is left to do for any of them.
  QCOMPARE(terminal.run({"resume", "2"}).status, 2);
}

void TestRuns::wrong_input_stores_nothing_data() {
  QTest::addColumn<QStringList>("sets");
  QTest::addColumn<QString>("words");
  QTest::newRow("no data") << QStringList{"data.name=mnist"} << "data.name=shapes needs no files";
  QTest::newRow("no folder") << QStringList{"data.name=cifar10", "data.dir=nowhere"} << "data.dir=nowhere";
  QTest::newRow("nothing to train on") << QStringList{"data.validation=640"} << "data.validation";
  QTest::newRow("calibration without feedback")
      << QStringList{"rule.name=bp", "calibration.when=epochs"} << "calibration.when=epochs";
}

void TestRuns::wrong_input_stores_nothing() {
  QFETCH(QStringList, sets);
  QFETCH(QString, words);
  const Terminal terminal;
  QStringList arguments = Terminal::small({"train"});
  for (const QString& set : sets) arguments += {"--set", set};
  const Outcome outcome = terminal.run(arguments);
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err) && outcome.err.contains(words), qPrintable(outcome.err));
  QVERIFY(terminal.run({"list", "--json"}).json()["runs"_L1].toArray().isEmpty());
}

void TestRuns::an_export_that_cannot_be_written_leaves_nothing() {
  const Terminal terminal;
  QCOMPARE(terminal.run(Terminal::small({"train"}, 1)).status, 0);
  for (const char* format : {"csv", "json", "checkpoint"}) {
    const Outcome nowhere = terminal.run({"export", "1", "--format", format, "-o", "none/a"});
    QVERIFY(nowhere.status == 1 || nowhere.status == 2);
    QVERIFY2(is_one_line(nowhere.err) && nowhere.err.contains("none/a"), qPrintable(nowhere.err));
    const Outcome folder = terminal.run({"export", "1", "--format", format, "-o", terminal.path("")});
    QCOMPARE(folder.status, 2);
  }
  const Outcome device = terminal.run({"export", "1", "--format", "csv", "-o", "/dev/full"});
  QCOMPARE(device.status, 2);
  QVERIFY2(is_one_line(device.err) && device.err.contains("device"), qPrintable(device.err));
  QCOMPARE(QDir(terminal.path("")).entryList(QDir::Files), QStringList());
}

void TestRuns::vectors_that_cannot_be_read_are_wrong_input() {
  const Terminal terminal;
  const QString broken = terminal.write("broken.json", "{");
  const Outcome outcome = terminal.run({"verify", broken, "none.json"});
  QCOMPARE(outcome.status, 2);
  QVERIFY(outcome.out.endsWith("0 passed, 2 failed\n"));
  QVERIFY(outcome.err.contains("broken.json") && outcome.err.contains("none.json"));
}

void TestRuns::the_doctor_finds_the_engine_sound() {
  const Outcome outcome = Terminal().run({"doctor", "--self-test", "--json"});
  QCOMPARE(outcome.status, 0);
  QVERIFY(outcome.json()["engine"_L1]["found"_L1].toBool());
  const QJsonArray checks = outcome.json()["self_test"_L1].toArray();
  QCOMPARE(checks.size(), 11);  // learning-rules §8, and that BP is the slope of the loss
  for (const QJsonValue& check : checks)
    QVERIFY2(check["passed"_L1].toBool(), qPrintable(check["name"_L1].toString()));
  // A report for people has short lines: a terminal is not much wider than 120 columns.
  for (const QString& line : Terminal().run({"doctor"}).out.split('\n'))
    QVERIFY2(!line.startsWith("parallel") || line.size() < 120, qPrintable(line));
}

void TestRuns::bench_times_each_rule_and_its_parts() {
  const Outcome outcome =
      Terminal().run(Terminal::small({"bench", "--json", "--rules", "bp,grape", "--steps", "2"}));
  QCOMPARE(outcome.status, 0);
  QCOMPARE(outcome.json()["threads"_L1].toInt(), 1);
  const QJsonArray rules = outcome.json()["rules"_L1].toArray();
  QCOMPARE(rules.size(), 2);
  for (const QJsonValue& rule : rules) {
    QVERIFY(rule["p10_ms"_L1].toDouble() <= rule["median_ms"_L1].toDouble());
    QVERIFY(rule["median_ms"_L1].toDouble() <= rule["p90_ms"_L1].toDouble());
    for (const char* part : {"forward", "tangent", "align", "signal", "adjoint", "optimizer", "probe"})
      QVERIFY2(rule["parts_ms"_L1].toObject().contains(part), part);
    for (const char* member : {"flops", "gflops_per_s", "gemm_gflops_per_s", "peak_memory_mb"})
      QVERIFY2(rule[QLatin1StringView(member)].toDouble() > 0, member);
  }
}

QTEST_GUILESS_MAIN(TestRuns)
#include "test_runs.moc"
