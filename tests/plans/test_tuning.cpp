// A search of one setting that is the same for everybody: who takes part, what is tried, what is chosen.
#include <QtTest>
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/plans/tuning.h"
#include "tests/support/refusal.h"

using namespace grapevine;
using Cells = std::vector<std::size_t>;

namespace {

Sweep sweep(const std::string& document, const std::string& tuned = "optimizer.lr") {
  return make_sweep(document, "grid.json", {}, tuned);
}

constexpr const char* fair =
    R"({"experiment": {"data": {"name": "shapes", "validation": 0.1}},
        "grid": {"rule.name": ["bp", "dfa"], "optimizer.lr": [0.1, 0.01, 0.001], "seed": [7, 8]}})";

}  // namespace

class TestTuning : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_rule_tries_every_value_with_the_first_seed() {
    const Sweep all = sweep(fair);
    const Tuning tuning = make_tuning(all, "optimizer.lr");
    QCOMPARE(tuning.judge->key, std::string("validation_accuracy"));
    QCOMPARE(tuning.contestants.size(), std::size_t{2});
    for (const Contestant& one : tuning.contestants) {
      QCOMPARE(one.settings.size(), std::size_t{1});
      QCOMPARE(one.values.size(), std::size_t{3});
      for (const TunedValue& value : one.values) {
        QCOMPARE(all.cells[value.search].experiment.integer("seed"), std::int64_t{7});
        QCOMPARE(value.seeds.size(), std::size_t{2});
        for (const std::size_t cell : value.seeds) {
          QCOMPARE(grapevine::to_text(Value(all.cells[cell].experiment.number("optimizer.lr"))), value.value);
          QCOMPARE(all.cells[cell].experiment.rule(), one.settings.front().second);
        }
      }
    }
    QCOMPARE(tuning.search_cells().size(), std::size_t{6});
  }
  void how_many_runs_it_makes() {
    // 2 rules × 3 values with the first seed, then 2 × 1 with the other one.
    const OrderedTuning ordered = make_tuning({fair, "optimizer.lr"});
    const TuningSize size = size_of(ordered.tuning);
    QCOMPARE(size.contestants, std::size_t{2});
    QCOMPARE(size.values, std::size_t{3});
    QCOMPARE(size.seeds, std::size_t{2});
    QCOMPARE(size.searched, std::size_t{6});
    QCOMPARE(size.more, std::size_t{2});
    QCOMPARE(ordered.sweep.uuid, sweep(fair).uuid);
  }
  void without_a_list_the_usual_rates_are_tried() {
    const Sweep all = sweep(R"({"experiment": {"data": {"name": "shapes", "validation": 0.1}},
                                "grid": {"rule.name": ["bp", "dfa"]}})");
    QCOMPARE(all.cells.size(), std::size_t{8});
    const Tuning tuning = make_tuning(all, "optimizer.lr");
    QCOMPARE(tuning.contestants.front().values.front().value, std::string("0.0001"));
    QCOMPARE(tuning.contestants.front().values.back().value, std::string("0.003"));
  }
  void a_races_racers_are_contestants() {
    const Sweep all = sweep(R"({"experiment": {"data": {"name": "shapes", "validation": 0.1}, "race": [
                                  {"rule": {"name": "bp"}}, {"rule": {"name": "grape"}}]},
                                "grid": {"optimizer.lr": [0.1, 0.01]}})");
    const Tuning tuning = make_tuning(all, "optimizer.lr");
    QCOMPARE(tuning.contestants.size(), std::size_t{2});
    QCOMPARE(tuning.contestants[1].settings.front().first, std::string("racer"));
  }
  void text_is_judged_by_its_perplexity() {
    const Sweep all =
        sweep(R"({"experiment": {"data": {"name": "wikitext2"}, "model": {"name": "transformer"}},
                                "grid": {"rule.name": ["bp", "dfa"]}})");
    QCOMPARE(make_tuning(all, "optimizer.lr").judge->key, std::string("validation_perplexity"));
  }

  void the_best_number_is_chosen_and_of_equals_the_first() {
    const MeasureDescriptor& accuracy = *find_measure("validation_accuracy");
    const MeasureDescriptor& perplexity = *find_measure("validation_perplexity");
    const double nothing = std::nan("");
    QCOMPARE(chosen_value(accuracy, {0.5, 0.7, 0.7, 0.6}), 1);
    QCOMPARE(chosen_value(perplexity, {50, nothing, 30, 40}), 2);
    QCOMPARE(chosen_value(accuracy, {nothing, 0.1}), 1);
    QCOMPARE(chosen_value(accuracy, {nothing, nothing}), -1);
  }

  void what_would_not_be_fair_is_refused_data() {
    QTest::addColumn<QString>("document");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("says");
    QTest::newRow("no validation data")
        << R"({"experiment": {"data": {"name": "shapes"}}, "grid": {"rule.name": ["bp", "dfa"]}})"
        << "optimizer.lr"
        << "data.validation";
    QTest::newRow("a setting that one has not")
        << R"({"experiment": {"data": {"name": "shapes", "validation": 0.1}},
               "grid": {"rule.name": ["bp", "grape"], "rule.align_rate": [0.1, 0.01]}})"
        << "rule.align_rate"
        << "no such setting";
    QTest::newRow("one value") << R"({"experiment": {"data": {"name": "shapes", "validation": 0.1}},
                                      "grid": {"rule.name": ["bp", "dfa"], "optimizer.lr": [0.1]}})"
                               << "optimizer.lr"
                               << "at least two";
    QTest::newRow("the rule") << fair << "rule.name"
                              << "what is compared";
    QTest::newRow("the seed") << fair << "seed"
                              << "averaged over";
    QTest::newRow("not in the grid") << fair << "train.batch"
                                     << "list the values to try";
  }
  void what_would_not_be_fair_is_refused() {
    QFETCH(QString, document);
    QFETCH(QString, key);
    QFETCH(QString, says);
    const std::string words =
        refusal([&] { make_tuning(sweep(document.toStdString(), key.toStdString()), key.toStdString()); });
    QVERIFY2(has(words, says.toStdString()), words.c_str());
  }
};

QTEST_GUILESS_MAIN(TestTuning)
#include "test_tuning.moc"
