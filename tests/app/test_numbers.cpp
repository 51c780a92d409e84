// What the terminal says of numbers: phases apart, validation where there is any, a run's own machine and
// data.
#include <algorithm>

#include "tests/app/terminal.h"

class TestNumbers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void validation_is_told_wherever_it_exists();
  void a_moment_is_not_nothing();
  void a_resumed_run_keeps_its_threads();
  void a_sweep_over_threads_trains_a_run_a_cell();
  void data_are_known_by_their_digest();
  void a_schedule_says_where_it_begins();
  void a_missing_curve_is_explained();
  void a_measure_says_how_it_deceives();
};

namespace {

QStringList one_epoch(QStringList arguments) {
  return Terminal::small(std::move(arguments), 1);
}

}  // namespace

void TestNumbers::validation_is_told_wherever_it_exists() {
  const Terminal terminal;
  const Outcome trained = terminal.run(Terminal::small({"train", "--json", "--set", "data.validation=64"}));
  QCOMPARE(trained.status, 0);
  const QJsonObject run = trained.json();
  double best = -1;
  int best_epoch = 0;
  for (const QJsonValue& epoch : run["epochs"_L1].toArray()) {
    for (const char* key : {"train_loss", "validation_loss", "validation_accuracy", "test_loss", "seconds",
                            "evaluation_seconds"})
      QVERIFY2(epoch[QLatin1StringView(key)].isDouble(), key);
    if (const double value = epoch["validation_accuracy"_L1].toDouble(); value > best) {
      best = value;
      best_epoch = epoch["epoch"_L1].toInt();
    }
  }
  QCOMPARE(run["best"_L1]["measure"_L1].toString(), QString("validation_accuracy"));
  QCOMPARE(run["best"_L1]["value"_L1].toDouble(), best);
  QCOMPARE(run["best"_L1]["epoch"_L1].toInt(), best_epoch);
  QCOMPARE(run["best_validation_accuracy"_L1].toDouble(), best);
  QVERIFY(run["best_test_accuracy"_L1].isDouble());
  QCOMPARE(terminal.run({"show", "1", "--json"}).json()["best"_L1], run["best"_L1]);
  const QJsonArray list = terminal.run({"list", "--json"}).json()["runs"_L1].toArray();
  QCOMPARE(list[0]["best"_L1]["measure"_L1].toString(), QString("validation_accuracy"));
  QCOMPARE(list[0]["best"_L1]["value"_L1].toDouble(), best);
  const QString shown = terminal.run({"show", "1"}).out;
  QVERIFY2(shown.contains("validation accuracy") && shown.contains("by validation accuracy"),
           qPrintable(shown));
  const Outcome csv = terminal.run({"export", "1", "--format", "csv"});
  QVERIFY(csv.out.contains("\nvalidation_accuracy,0,"));
  QVERIFY(csv.out.contains("\ntraining_seconds,0,") && csv.out.contains("\nevaluation_seconds,0,"));
  QVERIFY(!csv.out.contains("\nepoch_seconds,"));

  const QString grid = terminal.write("grid.json", "{\"grid\": {\"seed\": [0, 1]}}");
  const QJsonObject sweep =
      terminal.run(one_epoch({"sweep", grid, "--json", "--set", "data.validation=64"})).json();
  const QJsonObject of_group = sweep["groups"_L1].toArray().at(0).toObject();
  QCOMPARE(of_group["best_validation_accuracy"_L1]["n"_L1].toInt(), 2);
  QCOMPARE(of_group["best_test_accuracy"_L1]["n"_L1].toInt(), 2);
  // Without validation data there is none, and the best says that it is the test's.
  const QJsonObject without = terminal.run(one_epoch({"train", "--json"})).json();
  QVERIFY(!without["epochs"_L1][0].toObject().contains("validation_loss"));
  QCOMPARE(without["best"_L1]["measure"_L1].toString(), QString("test_accuracy"));
}

/// One step of a network of a few weights takes less than 50 ms, which was printed as 0.0 s.
void TestNumbers::a_moment_is_not_nothing() {
  const Terminal terminal;
  const QStringList a_step{"--set",     "data.name=shapes",
                           "--set",     "data.train_limit=16",
                           "--set",     "train.batch=16",
                           "--set",     "train.epochs=1",
                           "--set",     "data.test_limit=16",
                           "--set",     "model.hidden=[4]",
                           "--threads", "1"};
  const Outcome trained = terminal.run(QStringList{"train"} + a_step);
  QVERIFY2(trained.status == 0, qPrintable(trained.err));
  const QRegularExpression nothing("\\b0\\.0 (?:s|ms)\\b");
  QVERIFY2(!trained.out.contains(nothing), qPrintable(trained.out));
  const Outcome shown = terminal.run({"show", "1"});
  QVERIFY2(shown.out.contains(QRegularExpression("training time +(?:less than )?[0-9.]+ m?s")) &&
               !shown.out.contains(nothing),
           qPrintable(shown.out));
}

void TestNumbers::a_resumed_run_keeps_its_threads() {
  const Terminal terminal;
  const auto process = terminal.start(Terminal::small({"train", "--set", "data.train_limit=3000"}, 200));
  QTRY_VERIFY_WITH_TIMEOUT(
      terminal.run({"list", "--json"}).json()["runs"_L1].toArray().at(0).toObject()["epochs"_L1].toDouble() >
              0 ||
          process->state() == QProcess::NotRunning,
      60000);
  process->terminate();
  Terminal::end_of(*process);
  const QJsonObject before = terminal.run({"show", "1", "--json"}).json();
  QCOMPARE(before["status"_L1].toString(), QString("stopped"));
  const auto again = terminal.start({"resume", "1", "--threads", "2", "--json"});
  const auto was_resumed = [&] {
    const QJsonArray events = terminal.run({"show", "1", "--json"}).json()["events"_L1].toArray();
    return std::any_of(events.begin(), events.end(),
                       [](const QJsonValue& event) { return event["kind"_L1].toString() == "resumed"; });
  };
  QTRY_VERIFY_WITH_TIMEOUT(was_resumed() || again->state() == QProcess::NotRunning, 60000);
  again->terminate();
  Terminal::end_of(*again);
  const QJsonObject after = terminal.run({"show", "1", "--json"}).json();
  QCOMPARE(after["experiment"_L1]["threads"_L1].toInt(), 1);
  QCOMPARE(after["threads"_L1].toInt(), 1);
  bool told = false;
  for (const QJsonValue& event : after["events"_L1].toArray())
    told = told || (event["kind"_L1].toString() == "resumed" && event["data"_L1]["threads"_L1].toInt() == 2 &&
                    event["cause"_L1].toString().contains("2 threads"));
  QVERIFY(told);
}

void TestNumbers::a_sweep_over_threads_trains_a_run_a_cell() {
  const Terminal terminal;
  const QString grid = terminal.write(
      "threads.json",
      "{\"experiment\": {\"data\": {\"name\": \"shapes\", \"train_limit\": 500, \"test_limit\": 100}, "
      "\"model\": {\"hidden\": [16]}, \"train\": {\"max_steps\": 3}}, \"grid\": {\"threads\": [1, 2]}}");
  const QJsonObject first = terminal.run({"sweep", grid, "--json"}).json();
  const QJsonArray cells = first["cells"_L1].toArray();
  QCOMPARE(cells.size(), 2);
  QCOMPARE(cells[0]["run"_L1].toInt(), 1);
  QCOMPARE(cells[1]["run"_L1].toInt(), 2);
  for (int i = 0; i < 2; ++i)
    QCOMPARE(terminal.run({"show", QString::number(i + 1), "--json"}).json()["threads"_L1].toInt(), i + 1);
  // Again: each cell finds its own run.
  const QJsonArray again = terminal.run({"sweep", grid, "--json"}).json()["cells"_L1].toArray();
  QCOMPARE(again[0]["run"_L1].toInt(), 1);
  QCOMPARE(again[1]["run"_L1].toInt(), 2);
}

void TestNumbers::data_are_known_by_their_digest() {
  const Terminal terminal;
  const QJsonObject one = terminal.run(one_epoch({"train", "--json"})).json();
  const QJsonObject other_rule = terminal.run(one_epoch({"train", "--json", "--set", "rule.name=bp"})).json();
  const QJsonObject other_data = terminal.run(one_epoch({"train", "--json", "--seed", "3"})).json();
  QCOMPARE(one["data_digest"_L1].toString().size(), 64);
  QCOMPARE(other_rule["data_digest"_L1], one["data_digest"_L1]);
  QVERIFY(other_data["data_digest"_L1] != one["data_digest"_L1]);  // shapes are drawn from the seed
  QCOMPARE(terminal.run({"show", "1", "--json"}).json()["data_digest"_L1], one["data_digest"_L1]);
  QVERIFY(!terminal.run({"compare", "1", "2"}).out.contains("data are not the same"));
  const Outcome compared = terminal.run({"compare", "1", "3"});
  QVERIFY2(compared.out.contains("data are not the same"), qPrintable(compared.out));
  QCOMPARE(terminal.run({"compare", "1", "3", "--json"})
               .json()["differences"_L1]["data_digest"_L1]
               .toArray()
               .size(),
           2);
}

void TestNumbers::a_schedule_says_where_it_begins() {
  const Terminal terminal;
  const Outcome refused =
      terminal.run(one_epoch({"train", "--set", "schedule.name=noam", "--set", "schedule.warmup=3"}));
  QCOMPARE(refused.status, 2);
  QVERIFY2(refused.err.contains("schedule.warmup=3") && refused.err.contains("schedule.warmup_steps"),
           qPrintable(refused.err));
  const Outcome trained =
      terminal.run(Terminal::small({"train", "--set", "schedule.name=cosine", "--set", "schedule.warmup=1"}));
  QCOMPARE(trained.status, 0);
  QVERIFY2((trained.out + trained.err).contains("the schedule begins after them"),
           qPrintable(trained.out + trained.err));
}

void TestNumbers::a_missing_curve_is_explained() {
  const Terminal terminal;
  QCOMPARE(terminal.run(one_epoch({"train", "--set", "rule.name=bp"})).status, 0);
  const QString shown = terminal.run({"show", "1"}).out;
  QVERIFY2(shown.contains("BP has no feedback matrices B"), qPrintable(shown));
  const QJsonObject run = terminal.run({"show", "1", "--json"}).json();
  QVERIFY(std::abs(run["network"_L1]["cos_gradient"_L1].toDouble() - 1) < 1e-5);
  QVERIFY(run["network"_L1]["zoutendijk"_L1].isDouble());
  QVERIFY(run["alignment"_L1]["1"_L1]["cos_delta_a"_L1].isDouble());
}

void TestNumbers::a_measure_says_how_it_deceives() {
  const Terminal terminal;
  const QJsonObject settings = terminal.run({"settings", "probe.measures", "--json"}).json();
  QStringList with_caution;
  for (const QJsonValue& measure : settings["measures"_L1].toArray())
    if (!measure["caution"_L1].toString().isEmpty()) with_caution += measure["measure"_L1].toString();
  for (const char* key : {"update_ratio", "cos_gradient", "signal_ratio", "zoutendijk", "descent_ratio",
                          "size_ratio", "cos_delta_a", "dead_share"})
    QVERIFY2(with_caution.contains(QLatin1StringView(key)), key);
  QVERIFY(
      terminal.run({"settings", "probe.measures"}).out.contains("it says nothing of which rule is better"));
}

QTEST_GUILESS_MAIN(TestNumbers)
#include "test_numbers.moc"
