// From a sweep's file to its cells.
#include <QtTest>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/plans/sweep.h"
#include "tests/support/refusal.h"

using namespace grapevine;
using Words = std::vector<std::string>;

class TestSweep : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_grid_is_the_product_of_its_lists();
  void large_numbers_are_written_short();
  void a_rules_setting_goes_to_the_cells_that_have_it();
  void the_experiments_rule_settings_stay_with_their_rule();
  void a_races_racers_are_swept();
  void a_preset_can_be_swept();
  void more_values_are_the_same_sweep_and_other_settings_are_not();
  void settings_of_the_machine_tell_cells_apart_where_they_are_swept();
  void the_command_line_changes_every_cell();
  void what_cannot_be_swept_is_refused_data();
  void what_cannot_be_swept_is_refused();
};

namespace {

Sweep sweep(const std::string& document, Words sets = {}) {
  return make_sweep(document, "grid.json", {std::move(sets), {}});
}

Words labels(const Sweep& sweep) {
  Words all;
  for (const SweepCell& cell : sweep.cells) all.push_back(cell.label());
  return all;
}

}  // namespace

void TestSweep::a_grid_is_the_product_of_its_lists() {
  const Sweep made =
      sweep(R"({"name": "mine", "experiment": {"data": {"name": "shapes"}}, // comments are allowed
                               "grid": {"seed": [0, 1], "rule.name": ["dfa", "grape"], "model": [
                                 {"hidden": [8]}]}})");
  QCOMPARE(made.keys, (Words{"model", "rule.name", "seed"}));
  QCOMPARE(labels(made), (Words{"model={\"hidden\":[8]} rule.name=dfa seed=0",
                                "model={\"hidden\":[8]} rule.name=dfa seed=1",
                                "model={\"hidden\":[8]} rule.name=grape seed=0",
                                "model={\"hidden\":[8]} rule.name=grape seed=1"}));
  const Experiment& last = made.cells.back().experiment;
  QCOMPARE(last.rule(), std::string("grape"));
  QCOMPARE(last.integer("seed"), 1);
  QCOMPARE(last.text("name"), std::string("mine"));
  QCOMPARE(last.text("data.name"), std::string("shapes"));
  QCOMPARE(last.integers("model.hidden"), IntegerList{8});
}

// As settings are shown everywhere else.
void TestSweep::large_numbers_are_written_short() {
  QCOMPARE(labels(sweep(R"({"grid": {"optimizer.lr": [1e9, 0.1, 1.0]}})")),
           (Words{"optimizer.lr=1e+09", "optimizer.lr=0.1", "optimizer.lr=1.0"}));
}

void TestSweep::a_rules_setting_goes_to_the_cells_that_have_it() {
  const Sweep made = sweep(R"({"grid": {"rule.name": ["bp", "grape"], "rule.align_rate": [0.1, 0.2]}})");
  QCOMPARE(labels(made), (Words{"rule.name=bp", "rule.align_rate=0.1 rule.name=grape",
                                "rule.align_rate=0.2 rule.name=grape"}));
  QCOMPARE(made.cells[2].experiment.number("rule.align_rate"), 0.2);
}

void TestSweep::the_experiments_rule_settings_stay_with_their_rule() {
  const Sweep made = sweep(R"({"experiment": {"rule": {"name": "grape", "align_rate": 0.5}},
                               "grid": {"rule.name": ["dfa", "grape"]}})");
  QCOMPARE(made.cells[0].experiment, Experiment("dfa"));
  QCOMPARE(made.cells[1].experiment.number("rule.align_rate"), 0.5);
}

void TestSweep::a_races_racers_are_swept() {
  const Sweep made = sweep(R"({"experiment": {"calibration": {"when": "epochs"}, "race": [
                                 {"rule": {"name": "bp"}}, {"rule": {"name": "dfa"}, "optimizer": {"lr": 0.5}}]},
                               "grid": {"seed": [3, 4]}})");
  QCOMPARE(labels(made),
           (Words{"racer=BP seed=3", "racer=BP seed=4", "racer=DFA seed=3", "racer=DFA seed=4"}));
  QCOMPARE(made.cells[1].experiment.text("calibration.when"), std::string("never"));
  QCOMPARE(made.cells[3].experiment.text("calibration.when"), std::string("epochs"));
  QCOMPARE(made.cells[3].experiment.number("optimizer.lr"), 0.5);
  QCOMPARE(made.cells[3].experiment.integer("seed"), 4);
}

void TestSweep::a_preset_can_be_swept() {
  const Sweep one = sweep(R"({"experiment": "table1-mnist-mlp:grape", "grid": {"seed": [0, 1, 2]}})");
  QCOMPARE(one.cells.size(), std::size_t{3});
  QCOMPARE(one.cells[2].experiment.number("rule.align_rate"), 1e-3);
  QCOMPARE(sweep(R"({"experiment": "table1-mnist-mlp", "grid": {"seed": [0, 1]}})").cells.size(),
           std::size_t{9 * 2});
}

void TestSweep::more_values_are_the_same_sweep_and_other_settings_are_not() {
  const std::string one = sweep(R"({"grid": {"seed": [0, 1]}})").uuid;
  QCOMPARE(one.size(), std::size_t{36});
  QCOMPARE(sweep(R"({"grid": {"seed": [0, 1, 2]}})").uuid, one);
  QCOMPARE(sweep(R"({"grid": {"seed": [0]}})", {"threads=1", "device=cpu"}).uuid, one);
  const std::set<std::string> all{
      one, sweep(R"({"grid": {"train.epochs": [1]}})").uuid,
      sweep(R"({"experiment": {"train": {"epochs": 1}}, "grid": {"seed": [0]}})").uuid,
      sweep(R"({"grid": {"seed": [0]}})", {"train.epochs=1"}).uuid};
  QCOMPARE(all.size(), std::size_t{4});
}

void TestSweep::settings_of_the_machine_tell_cells_apart_where_they_are_swept() {
  const Sweep threads = sweep(R"({"grid": {"threads": [0, 1, 2]}})");
  QCOMPARE(threads.cells.size(), std::size_t{3});
  // Of a run that was asked for all cores and got two, whose settings hold what it got.
  Experiment stored = threads.cells[0].experiment;
  stored.set("threads", std::int64_t{2});
  const auto fits = [&](std::size_t cell, const std::map<std::string, std::string>& asked) {
    return is_of_cell(threads, threads.cells[cell], stored, asked);
  };
  QVERIFY(fits(0, {{"threads", "0"}}) && !fits(1, {{"threads", "0"}}) && !fits(2, {{"threads", "0"}}));
  QVERIFY(!fits(0, {}) && !fits(1, {}) && fits(2, {}));  // not known: what it got
  // Where they are not swept a run may come from any machine.
  const Sweep seeds = sweep(R"({"grid": {"seed": [0, 1]}})");
  Experiment elsewhere = seeds.cells[1].experiment;
  elsewhere.set("threads", std::int64_t{7});
  elsewhere.set_text("device", "cuda");
  QVERIFY(is_of_cell(seeds, seeds.cells[1], elsewhere, {{"threads", "0"}}));
  QVERIFY(!is_of_cell(seeds, seeds.cells[0], elsewhere, {}));
}

void TestSweep::the_command_line_changes_every_cell() {
  const Sweep made =
      sweep(R"({"grid": {"rule.name": ["bp", "grape"]}})", {"train.epochs=2", "rule.directions=3"});
  for (const SweepCell& cell : made.cells) QCOMPARE(cell.experiment.integer("train.epochs"), 2);
  QCOMPARE(made.cells[1].experiment.integer("rule.directions"), 3);
}

void TestSweep::what_cannot_be_swept_is_refused_data() {
  QTest::addColumn<QString>("document");
  QTest::addColumn<QStringList>("words");
  const auto row = [](const char* name, const char* document, const QStringList& words) {
    QTest::newRow(name) << document << words;
  };
  row("no grid", R"({"experiment": {}})", {"grid.json: grid is missing", "\"seed\": [0, 1, 2]"});
  row("no list", R"({"grid": {"seed": 3}})", {"grid.seed=3", "a list of values"});
  row("an empty list", R"({"grid": {"seed": []}})", {"grid.seed=[]", "at least one value"});
  row("an empty grid", R"({"grid": {}})", {"grid is empty", "\"seed\": [0, 1, 2]"});
  row("a list as the grid", R"({"grid": []})", {"grid=[]", "keys with lists of values"});
  row("another key", R"({"experimant": {}, "grid": {"seed": [1]}})",
      {"'experimant'", "did you mean experiment"});
  row("settings outside", R"({"grid": {"seed": [1]}, "model": {"name": "mlp"}})", {"'model'", "experiment"});
  row("an unknown setting", R"({"grid": {"optimiser.lr": [1]}})", {"optimiser.lr", "optimizer.lr"});
  row("a wrong value", R"({"grid": {"optimizer.lr": [0.1, -1]}})", {"optimizer.lr=-1"});
  row("a wrong type", R"({"grid": {"seed": ["one"]}})", {"seed=\"one\"", "a whole number"});
  row("a setting of no rule", R"({"grid": {"rule.name": ["bp", "dfa"], "rule.align_rate": [0.1]}})",
      {"grid.rule.align_rate", "no cell's rule"});
  row("a cell that can't work", R"({"grid": {"rule.name": ["bp"], "calibration.when": ["epochs"]}})",
      {"cell calibration.when=epochs rule.name=bp", "no direct feedback"});
  row("rules of a race",
      R"({"experiment": {"race": [{"rule": {"name": "bp"}}]}, "grid": {"rule.name": ["dfa"]}})",
      {"grid.rule.name", "a race"});
  row("a preset that isn't", R"({"experiment": "table1-mnist-mpl", "grid": {"seed": [1]}})",
      {"did you mean table1-mnist-mlp"});
  row("no JSON", "{", {"grid.json: line 1", "not JSON"});
}

void TestSweep::what_cannot_be_swept_is_refused() {
  QFETCH(QString, document);
  QFETCH(QStringList, words);
  const QString message = QString::fromStdString(refusal([&] { sweep(document.toStdString()); }));
  for (const QString& word : words) QVERIFY2(message.contains(word), qPrintable(message));
  const QString swept =
      QString::fromStdString(refusal([] { sweep(R"({"grid": {"seed": [1]}})", {"seed=2"}); }));
  QVERIFY2(swept.contains("--set seed=2") && swept.contains("sweeps"), qPrintable(swept));
}

QTEST_APPLESS_MAIN(TestSweep)
#include "test_sweep.moc"
