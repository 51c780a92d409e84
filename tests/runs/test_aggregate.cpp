// Runs as one: means step by step, bands by hand, leader boards, and words-sized curves.
#include <QtTest>

#include "engine/runs/aggregate.h"
#include "engine/runs/standings.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestAggregate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_mean_of_equal_steps();
  void bands_by_hand_data();
  void bands_by_hand();
  void runs_of_other_lengths_and_cadences_meet();
  void a_seed_counts_once();
  void what_is_no_number_is_left_out();
  void a_group_is_a_run();
  void the_mean_over_layers_spreads_as_itself();
  void the_best_mean_leads();
  void what_most_groups_have_ranks_them();
  void paired_seeds_are_held_against_each_other();
  void two_that_chance_tells_apart_are_not();
  void perplexities_are_ranked_by_the_least();
  void a_sketch_is_what_a_run_is_judged_by();
  void before_two_evaluations_a_runs_curve_is_that_of_its_batches();
};

namespace {

Series series_of(const std::vector<std::pair<std::int64_t, double>>& points) {
  Series series;
  for (const auto& [step, value] : points) {
    series.step.push_back(step);
    series.epoch.push_back(static_cast<double>(step) / 100);
    series.seconds.push_back(static_cast<double>(step) / 10);
    series.value.push_back(value);
  }
  return series;
}

RunGroup group_of(const char* rule, const std::vector<std::pair<std::int64_t, double>>& seeds) {
  RunGroup group;
  group.settings = {RunCell(std::string(rule))};
  group.rule = rule;
  std::vector<double> values;
  for (const auto& [seed, value] : seeds) {
    group.runs.push_back({seed + 1, seed, "", rule, "finished", {value}});
    values.push_back(value);
  }
  group.spreads = {spread_of(values)};
  group.seeds = group.runs.size();
  return group;
}

Comparison comparison_of(const char* measure, std::vector<RunGroup> groups) {
  Comparison all;
  all.keys = {parse_run_key("rule.name")};
  all.measures = {parse_run_key(measure)};
  all.groups = std::move(groups);
  return all;
}

}  // namespace

void TestAggregate::the_mean_of_equal_steps() {
  const Series one = series_of({{10, 1}, {20, 2}}), other = series_of({{10, 3}, {20, 8}});
  const Series* both[] = {&one, &other};
  const MeanCurve curve = mean_curve(both, Band::deviation);
  QCOMPARE(curve.mean.step, (std::vector<std::int64_t>{10, 20}));
  QCOMPARE(curve.mean.value, (std::vector<double>{2, 5}));
  QCOMPARE(curve.mean.epoch, (std::vector<double>{0.1, 0.2}));
  QCOMPARE(curve.mean.seconds, (std::vector<double>{1, 2}));
  QCOMPARE(curve.count, (std::vector<int>{2, 2}));
  QVERIFY(mean_curve({}, Band::range).mean.step.empty());
}

void TestAggregate::bands_by_hand_data() {
  QTest::addColumn<int>("band");
  QTest::addColumn<double>("low");
  QTest::addColumn<double>("high");
  // 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14, deviation √7, its error √(7/3).
  QTest::newRow("deviation") << static_cast<int>(Band::deviation) << 3 - std::sqrt(7.0) << 3 + std::sqrt(7.0);
  QTest::newRow("error") << static_cast<int>(Band::error) << 3 - std::sqrt(7.0 / 3) << 3 + std::sqrt(7.0 / 3);
  QTest::newRow("range") << static_cast<int>(Band::range) << 1.0 << 6.0;
}

void TestAggregate::bands_by_hand() {
  QFETCH(int, band);
  const Series a = series_of({{5, 1}}), b = series_of({{5, 2}}), c = series_of({{5, 6}});
  const Series* all[] = {&a, &b, &c};
  const MeanCurve curve = mean_curve(all, static_cast<Band>(band));
  QCOMPARE(curve.mean.value.front(), 3.0);
  QTEST(curve.low.value.front(), "low");
  QTEST(curve.high.value.front(), "high");
  const Series* alone[] = {&a};
  const MeanCurve one = mean_curve(alone, static_cast<Band>(band));
  QCOMPARE(one.low.value.front(), 1.0);
  QCOMPARE(one.high.value.front(), 1.0);
}

void TestAggregate::runs_of_other_lengths_and_cadences_meet() {
  // Every 10 steps to 40, and every 20 to 20: between its samples the second is on its line, beyond them
  // gone.
  const Series fine = series_of({{0, 0}, {10, 0}, {20, 0}, {30, 4}, {40, 6}});
  const Series coarse = series_of({{0, 2}, {20, 6}});
  const Series* both[] = {&fine, &coarse};
  const MeanCurve curve = mean_curve(both, Band::range);
  QCOMPARE(curve.mean.step, (std::vector<std::int64_t>{0, 10, 20, 30, 40}));
  QCOMPARE(curve.mean.value, (std::vector<double>{1, 2, 3, 4, 6}));
  QCOMPARE(curve.high.value, (std::vector<double>{2, 4, 6, 4, 6}));
  QCOMPARE(curve.count, (std::vector<int>{2, 2, 2, 1, 1}));
}

// 1 and 3 of one seed, 8 of another: two seeds, 2 and 8.
void TestAggregate::a_seed_counts_once() {
  const Series a = series_of({{5, 1}}), again = series_of({{5, 3}}), b = series_of({{5, 8}});
  const Series* all[] = {&a, &again, &b};
  const std::int64_t seeds[] = {7, 7, 1};
  const MeanCurve curve = mean_curve(all, Band::range, seeds);
  QCOMPARE(curve.mean.value, (std::vector<double>{5}));
  QCOMPARE(curve.low.value, (std::vector<double>{2}));
  QCOMPARE(curve.high.value, (std::vector<double>{8}));
  QCOMPARE(curve.count, (std::vector<int>{2}));
}

void TestAggregate::what_is_no_number_is_left_out() {
  const double none = std::nan("");
  const Series one = series_of({{10, 1}, {20, none}, {30, 3}}),
               other = series_of({{10, 5}, {20, 5}, {30, none}});
  const Series* both[] = {&one, &other};
  const MeanCurve curve = mean_curve(both, Band::range);
  QCOMPARE(curve.mean.value, (std::vector<double>{3, 5, 3}));
  QCOMPARE(curve.count, (std::vector<int>{2, 1, 1}));
}

void TestAggregate::a_group_is_a_run() {
  RunData one, other;
  one.uuid = "a";
  other.uuid = "b";
  one.rule = other.rule = "dfa";
  one.step = 20;
  other.step = 30;
  const SeriesKey accuracy{measure_index("test_accuracy"), 0}, cosine{measure_index("cos_b_j"), 2};
  one.series[accuracy] = series_of({{20, 0.5}});
  other.series[accuracy] = series_of({{20, 0.7}});
  other.series[cosine] = series_of({{30, 0.25}});
  const MeanRun mean = mean_run(
      {std::make_shared<const RunData>(one), std::make_shared<const RunData>(other)}, Band::deviation);
  QCOMPARE(mean.data.rule, std::string("dfa"));
  QCOMPARE(mean.data.step, std::int64_t{30});
  QCOMPARE(mean.members.size(), std::size_t{2});
  QVERIFY(std::abs(mean.data.last("test_accuracy") - 0.6) < 1e-12);
  QCOMPARE(mean.data.last("cos_b_j", 2), 0.25);
  QCOMPARE(mean.curves.at(cosine).count, std::vector<int>{1});
  QCOMPARE(mean.data.id, std::int64_t{0});
}

// One seed has 0.2 and 0.6 in its two layers, the other 0.6 and 0.2: each layer spreads, their mean does not.
void TestAggregate::the_mean_over_layers_spreads_as_itself() {
  const int cosine = measure_index("cos_b_j");
  RunData one, other;
  one.series[{cosine, 1}] = other.series[{cosine, 2}] = series_of({{10, 0.2}});
  one.series[{cosine, 2}] = other.series[{cosine, 1}] = series_of({{10, 0.6}});
  const MeanRun mean = mean_run(
      {std::make_shared<const RunData>(one), std::make_shared<const RunData>(other)}, Band::deviation);
  const MeanCurve &layer = mean.curves.at({cosine, 1}), &over = mean.curves.at({cosine, 0});
  QVERIFY(std::abs(layer.high.value[0] - (0.4 + std::sqrt(0.08))) < 1e-12);
  QVERIFY(std::abs(over.mean.value[0] - 0.4) < 1e-12);
  QVERIFY(std::abs(over.high.value[0] - over.low.value[0]) < 1e-12);
  QCOMPARE(over.count, std::vector<int>{2});
  QVERIFY(!mean.data.find(cosine, 0));  // no curve of the run's own
}

void TestAggregate::the_best_mean_leads() {
  const Comparison all =
      comparison_of("test_accuracy:best",
                    {group_of("dfa", {{0, 0.5}}), group_of("bp", {{1, 0.9}}), group_of("fa", {{2, 0.7}})});
  QCOMPARE(ranking_measure(all), std::optional<std::size_t>(0));
  const std::vector<Standing> board = standings(all, 0);
  QCOMPARE(board.size(), std::size_t{3});
  QCOMPARE(board[0].group, std::size_t{1});
  QCOMPARE(board[1].group, std::size_t{2});
  QVERIFY(std::abs(board[2].behind - 0.4) < 1e-12);
  QVERIFY(!board[2].interval && !board[2].told_apart());  // of one seed nothing can be said
}

void TestAggregate::what_most_groups_have_ranks_them() {
  Comparison all =
      comparison_of("validation_accuracy:best",
                    {group_of("dfa", {{0, 0.5}}), group_of("bp", {{1, 0.9}}), group_of("fa", {{2, 0.7}})});
  all.measures.push_back(parse_run_key("test_accuracy:best"));
  for (RunGroup& group : all.groups) {
    group.spreads.push_back(group.spreads.front());
    for (ComparedRun& run : group.runs) run.values.push_back(run.values.front());
  }
  QCOMPARE(ranking_measure(all), std::optional<std::size_t>(0));  // validation, where all have it
  all.groups[0].spreads[0] = all.groups[2].spreads[0] = Spread();
  QCOMPARE(ranking_measure(all), std::optional<std::size_t>(1));
  QCOMPARE(standings(all, 1).size(), std::size_t{3});
}

void TestAggregate::paired_seeds_are_held_against_each_other() {
  const Comparison all =
      comparison_of("test_accuracy:best", {group_of("bp", {{0, 0.90}, {1, 0.80}, {2, 0.70}}),
                                           group_of("dfa", {{0, 0.88}, {1, 0.79}, {2, 0.67}})});
  const Standing second = standings(all, 0)[1];
  // Differences 0.02, 0.01, 0.03: mean 0.02, deviation 0.01, half width 4.303 · 0.01/√3 = 0.02484.
  QVERIFY(second.paired);
  QCOMPARE(second.seeds, 3);
  QVERIFY(std::abs(second.behind - 0.02) < 1e-12);
  QVERIFY(std::abs(second.interval->low - (0.02 - 0.02484)) < 1e-4);
  QVERIFY(!second.told_apart());
}

void TestAggregate::two_that_chance_tells_apart_are_not() {
  const Comparison all =
      comparison_of("test_accuracy:best", {group_of("bp", {{0, 0.90}, {1, 0.80}, {2, 0.70}}),
                                           group_of("dfa", {{0, 0.40}, {1, 0.30}, {2, 0.21}})});
  const Standing second = standings(all, 0)[1];
  QVERIFY(second.told_apart());
  // Other seeds: nothing is paired, and the deviations of both count.
  const Comparison apart =
      comparison_of("test_accuracy:best", {group_of("bp", {{0, 0.90}, {1, 0.80}, {2, 0.70}}),
                                           group_of("dfa", {{3, 0.89}, {4, 0.79}, {5, 0.70}})});
  QVERIFY(!standings(apart, 0)[1].paired);
  QVERIFY(!standings(apart, 0)[1].told_apart());
}

void TestAggregate::perplexities_are_ranked_by_the_least() {
  const Comparison all = comparison_of(
      "test_perplexity:best", {group_of("bp", {{0, std::exp(2.0)}}), group_of("dfa", {{0, std::exp(3.0)}})});
  const std::vector<Standing> board = standings(all, 0);
  QCOMPARE(board[0].group, std::size_t{0});
  QVERIFY(std::abs(board[1].behind + 1) < 1e-12);  // of losses: 2 − 3
}

void TestAggregate::a_sketch_is_what_a_run_is_judged_by() {
  const Folder folder;
  {
    RunWriter writer(folder.database(), single());
    Observations news;
    for (int i = 0; i < 200; ++i) {
      news.samples.push_back(sample(0, "test_accuracy", 0, i + 1, 0.001 * i));
      news.samples.push_back(sample(0, "loss", 0, i + 1, 2));
    }
    news.samples.push_back(sample(0, "test_accuracy", 0, 201, std::nan("")));
    post(writer, news);
    writer.finish(RunStatus::finished, "");
  }
  RunReader reader(folder.database());
  const std::vector<CurveSketch> sketches = reader.sketches({1, 77});
  QCOMPARE(sketches.size(), std::size_t{2});
  QCOMPARE(sketches[0].measure->key, std::string("test_accuracy"));
  QCOMPARE(sketches[0].values.size(), std::size_t{48});  // few, the first and the last number among them
  QCOMPARE(sketches[0].values.front(), 0.0f);
  QCOMPARE(sketches[0].values.back(), 0.199f);
  QVERIFY(!sketches[1].measure && sketches[1].values.empty());
}

void TestAggregate::before_two_evaluations_a_runs_curve_is_that_of_its_batches() {
  const Folder folder;
  {
    RunWriter writer(folder.database(), single());
    Observations news;
    for (int i = 0; i < 96; ++i) news.samples.push_back(sample(0, "accuracy", 0, i + 1, i % 2));
    news.samples.push_back(sample(0, "test_accuracy", 0, 96, 0.25));
    post(writer, news);
    writer.finish(RunStatus::finished, "");
  }
  const std::vector<CurveSketch> sketches = RunReader(folder.database()).sketches({1});
  QCOMPARE(sketches[0].measure->key, std::string("accuracy"));
  QCOMPARE(sketches[0].values, std::vector<float>(48, 0.5f));  // each the mean of a zero and a one
}

QTEST_GUILESS_MAIN(TestAggregate)
#include "test_aggregate.moc"
