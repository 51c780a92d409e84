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

/// A finished run of a preset's racer.
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
  news.samples = {sample(0, "test_accuracy", 0, 10, 0.99), sample(0, "test_accuracy", 0, 20, accuracy)};
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
  const QJsonArray fourth = terminal.run({"paper", "table4", "--json"}).json()["cells"_L1].toArray();
  QVERIFY(!fourth.isEmpty());
  QCOMPARE(fourth[0]["quantity"_L1].toString(), QString("validation_perplexity:best"));
  QVERIFY(terminal.run({"paper"}).out.contains("98.73 ± 0.04"));
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

void TestPaper::other_tables_are_refused() {
  for (const char* table : {"9", "figure9", "table5"}) {
    const Outcome outcome = Terminal().run({"paper", table});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  }
}

QTEST_GUILESS_MAIN(TestPaper)
#include "test_paper.moc"
