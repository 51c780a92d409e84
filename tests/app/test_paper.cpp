// The papers' tables in the terminal: published numbers from resources/papers/results.json, ours from stored
// runs.
#include "engine/plans/plan.h"
#include "engine/plans/presets.h"
#include "tests/app/terminal.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestPaper : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_table_shows_published_numbers();
  void runs_of_the_same_settings_are_ours();
  void a_figure_has_its_intervals();
  void the_lines_of_a_figure_are_published_and_ours();
  void training_and_test_loss_are_figure_3();
  void what_is_missing_is_queued_once();
  void other_tables_are_refused();
};

namespace {

QJsonObject cell_of(const QJsonArray& cells, const char* preset, const char* racer) {
  for (const QJsonValue& cell : cells)
    if (cell["preset"_L1].toString() == QLatin1StringView(preset) &&
        cell["racer"_L1].toString() == QLatin1StringView(racer))
      return cell.toObject();
  return {};
}

/// A finished run of a preset's racer, whose best epoch is not its last.
void add(const std::string& database, const char* preset, std::int64_t seed, double accuracy,
         const char* set = "") {
  const ExperimentPlan plan =
      make_plan(preset_document(preset), preset, {{"seed=" + std::to_string(seed)}, {}});
  static int count = 0;
  char uuid[64];
  std::snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-000000000001", ++count);
  StoredRace race = single(uuid);
  race.racers = {plan.racers.front()};
  if (const std::string setting = set; !setting.empty())
    race.racers.front().set_text(setting.substr(0, setting.find('=')), setting.substr(setting.find('=') + 1));
  RunWriter writer(database, race);
  Observations news;
  news.samples = {sample(0, "test_accuracy", 0, 10, accuracy),
                  sample(0, "test_accuracy", 0, 20, accuracy - 0.05)};
  post(writer, news);
  writer.finish(RunStatus::finished, "");
}

}  // namespace

void TestPaper::a_table_shows_published_numbers() {
  const Terminal terminal;
  const QJsonArray cells = terminal.run({"paper", "1", "--json"}).json()["cells"_L1].toArray();
  const QJsonObject bp = cell_of(cells, "table1-mnist-mlp", "bp");
  // The 2026 text's Table 1.
  QCOMPARE(bp["published"_L1][0]["mean"_L1].toDouble(), 98.73);
  QCOMPARE(bp["published"_L1][0]["std"_L1].toDouble(), 0.04);
  QCOMPARE(bp["ours"_L1]["n"_L1].toInt(-1), 0);
  QCOMPARE(bp["epochs"_L1].toInt(), 100);
  for (const QJsonValue& cell : cells) QCOMPARE(cell["table"_L1].toString(), QString("1"));
  // Both texts: the best checkpoint's, "the best test performance".
  QCOMPARE(bp["quantity"_L1].toString(), QString("test_accuracy:best"));
  const QJsonArray fourth = terminal.run({"paper", "table4", "--json"}).json()["cells"_L1].toArray();
  QVERIFY(!fourth.isEmpty());
  QCOMPARE(fourth[0]["quantity"_L1].toString(), QString("validation_perplexity:best"));
  const QString all = terminal.run({"paper"}).out;
  QVERIFY(all.contains("98.73 ± 0.04") && all.contains("literal is GrAPE to the letter"));
  QVERIFY(all.contains("60.43 ± 0.35 (grape-2025)"));  // the other text's
  QVERIFY(!terminal.run({"paper", "--reduced"}).out.contains("literal is"));
}

void TestPaper::runs_of_the_same_settings_are_ours() {
  const Terminal terminal;
  const std::string database = terminal.database().toStdString();
  add(database, "table1-mnist-mlp:bp", 0, 0.98);
  add(database, "table1-mnist-mlp:bp", 1, 0.96);
  add(database, "table1-mnist-mlp:bp", 1, 0.97);  // the newest of a seed counts
  add(database, "table1-mnist-mlp:bp", 2, 0.5, "optimizer.lr=0.5");
  add(database, "table1-mnist-mlp-lesson:bp", 0, 0.9);
  const QJsonObject ours = cell_of(terminal.run({"paper", "1", "--json"}).json()["cells"_L1].toArray(),
                                   "table1-mnist-mlp", "bp")["ours"_L1]
                               .toObject();
  QCOMPARE(ours["n"_L1].toInt(), 2);
  QVERIFY(std::abs(ours["mean"_L1].toDouble() - 97.5) < 1e-9);
  QCOMPARE(ours["runs"_L1].toArray(), (QJsonArray{3, 1}));
  // Two percentages are percentage points apart: 97.50 − 98.73.
  QVERIFY(terminal.run({"paper", "1"}).out.contains("-1.23 pp"));
  const QJsonObject reduced =
      cell_of(terminal.run({"paper", "1", "--reduced", "--json"}).json()["cells"_L1].toArray(),
              "table1-mnist-mlp-lesson", "bp");
  QVERIFY(reduced["reduced"_L1].toBool());
  QCOMPARE(reduced["ours"_L1]["n"_L1].toInt(), 1);
  QCOMPARE(reduced["published"_L1][0]["mean"_L1].toDouble(), 98.73);
}

// Accuracy against T: without calibration, every epoch, and at the intervals between.
void TestPaper::a_figure_has_its_intervals() {
  const Terminal terminal;
  QSet<QString> presets;
  for (const QJsonValue& cell : terminal.run({"paper", "figure2", "--json"}).json()["cells"_L1].toArray())
    presets.insert(cell["preset"_L1].toString());
  for (const char* name :
       {"table2-cifar100-alexnet", "table2-cifar100-alexnet-t1", "figure2-cifar100-alexnet-t5",
        "figure2-cifar100-alexnet-t10", "figure2-cifar100-alexnet-t50"})
    QVERIFY2(presets.contains(name), name);
  for (const QString& name : presets)
    QVERIFY2(name.startsWith("figure2-cifar100-") || name.startsWith("table2-cifar100-"), qPrintable(name));
}

/// The points of a line as (x, mean).
QList<std::pair<double, double>> line_of(const QJsonObject& figure, const char* name, bool published) {
  QList<std::pair<double, double>> points;
  for (const QJsonValue& line : figure["lines"_L1].toArray())
    if (line["name"_L1].toString() == QLatin1StringView(name) && line["published"_L1].toBool() == published)
      for (const QJsonValue& point : line["points"_L1].toArray())
        points << std::pair(point["x"_L1].toDouble(), point["mean"_L1].toDouble());
  return points;
}

// Table 2's numbers stand at T = 1; what is never calibrated is level.
void TestPaper::the_lines_of_a_figure_are_published_and_ours() {
  const Terminal terminal;
  const std::string database = terminal.database().toStdString();
  add(database, "figure2-cifar100-alexnet-t5:grape", 0, 0.5);
  add(database, "table2-cifar100-alexnet-t1:grape", 0, 0.6);
  const QJsonArray figures = terminal.run({"paper", "figure2", "--json"}).json()["figures"_L1].toArray();
  QCOMPARE(figures.size(), 2);
  const QJsonObject alexnet = figures[0].toObject();
  QCOMPARE(alexnet["title"_L1].toString(), QString("AlexNet on CIFAR-100"));
  QCOMPARE(line_of(alexnet, "GrAPE, calibrated", true), (QList<std::pair<double, double>>{{1, 62.63}}));
  QCOMPARE(line_of(alexnet, "GrAPE, calibrated", false),
           (QList<std::pair<double, double>>{{1, 60}, {5, 50}}));
  for (const auto& [interval, accuracy] : line_of(alexnet, "BP", true)) QCOMPARE(accuracy, 64.61);
  QCOMPARE(line_of(alexnet, "BP", true).size(), 4);  // T = 1, 5, 10, 50
}

void TestPaper::training_and_test_loss_are_figure_3() {
  const Terminal terminal;
  const std::string database = terminal.database().toStdString();
  const ExperimentPlan plan = make_plan(preset_document("table2-cifar100-alexnet:dfa"), "", {});
  for (int seed = 0; seed < 2; ++seed) {
    StoredRace race =
        single(seed == 0 ? "99999999-0000-4000-8000-000000000001" : "99999999-0000-4000-8000-000000000002");
    race.racers = {plan.racers.front()};
    race.racers.front().set("seed", std::int64_t{seed});
    RunWriter writer(database, race);
    Observations news;
    news.samples = {sample(0, "test_accuracy", 0, 200, 0.3), sample(0, "train_loss", 0, 100, 4.0 + seed),
                    sample(0, "train_loss", 0, 200, 3.0 + seed), sample(0, "test_loss", 0, 200, 5.0)};
    post(writer, news);
    writer.finish(RunStatus::finished, "");
  }
  const QJsonObject answer = terminal.run({"paper", "figure 3", "--json"}).json();
  for (const QJsonValue& cell : answer["cells"_L1].toArray())
    QCOMPARE(cell["preset"_L1].toString(), QString("table2-cifar100-alexnet"));
  const QJsonObject figure = answer["figures"_L1][0].toObject();
  // Means of the two seeds; an epoch is a hundred steps here.
  QCOMPARE(line_of(figure, "DFA, training", false), (QList<std::pair<double, double>>{{1, 4.5}, {2, 3.5}}));
  QCOMPARE(line_of(figure, "DFA, test", false), (QList<std::pair<double, double>>{{2, 5}}));
}

void TestPaper::what_is_missing_is_queued_once() {
  const Terminal terminal;
  add(terminal.database().toStdString(), "appendix-a4-cifar100-alexnet:fdfa", 1, 0.3);
  const QJsonObject answer = terminal.run({"paper", "A.4", "--run", "--seeds", "2", "--json"}).json();
  // Four racers with two seeds, one of which is there; the text's numbers are those of its BioTorch.
  QCOMPARE(answer["queued"_L1].toArray().size(), 7);
  QCOMPARE(cell_of(answer["cells"_L1].toArray(), "appendix-a4-cifar100-alexnet",
                   "fdfa")["published"_L1][0]["mean"_L1]
               .toDouble(),
           33.59);
  const QJsonArray queue = terminal.run({"queue", "--json"}).json()["queue"_L1].toArray();
  QCOMPARE(queue.size(), 7);
  for (const QJsonValue& entry : queue) QCOMPARE(entry["state"_L1].toString(), QString("waiting"));
  QCOMPARE(
      terminal.run({"paper", "A.4", "--run", "--seeds", "2", "--json"}).json()["queued"_L1].toArray().size(),
      0);
  QVERIFY(terminal.run({"paper", "A.4", "--run", "--seeds", "3"}).out.contains("Queued 4 runs"));
}

void TestPaper::other_tables_are_refused() {
  for (const char* table : {"9", "figure9", "table5"}) {
    const Outcome outcome = Terminal().run({"paper", table});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  }
}

QTEST_GUILESS_MAIN(TestPaper)
#include "test_paper.moc"
