// Formulas against tables, and against numbers worked out by hand.
#include <QtTest>
#include <cmath>

#include "engine/runs/statistics.h"

using namespace grapevine;

class TestStatistics : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void students_t_as_in_the_tables_data();
  void students_t_as_in_the_tables();
  void spread_is_the_samples();
  void an_interval_needs_three_values();
  void paired_differences();
  void fractions_differ_by_chance();
  void a_ratio_of_means_is_no_mean_of_ratios();
  void fiellers_bounds_are_where_the_t_test_turns();
  void samples_of_their_own_add_their_variances();
};

namespace {

bool near(double a, double b, double within) {
  return std::abs(a - b) <= within;
}

}  // namespace

void TestStatistics::students_t_as_in_the_tables_data() {
  QTest::addColumn<int>("degrees");
  QTest::addColumn<double>("t");
  // Percentage points of the t distribution, two-sided 5 % (Abramowitz and Stegun, table 26.10).
  const std::pair<int, double> table[] = {{1, 12.706},  {2, 4.303},     {3, 3.182},  {4, 2.776},
                                          {5, 2.571},   {9, 2.262},     {10, 2.228}, {29, 2.045},
                                          {120, 1.980}, {100000, 1.960}};
  for (const auto& [degrees, t] : table) QTest::addRow("%d", degrees) << degrees << t;
}

void TestStatistics::students_t_as_in_the_tables() {
  QFETCH(int, degrees);
  QFETCH(double, t);
  QVERIFY(near(t_quantile(degrees), t, 0.0005));
}

void TestStatistics::spread_is_the_samples() {
  const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};  // mean 5, squares 32, 32 / 7
  const Spread spread = spread_of(values);
  QCOMPARE(spread.mean, 5.0);
  QCOMPARE(spread.count, 8);
  QVERIFY(near(spread.deviation, std::sqrt(32.0 / 7), 1e-12));
  QVERIFY(std::isnan(spread_of(std::vector<double>{3}).deviation));
  QCOMPARE(spread_of({}).count, 0);
}

void TestStatistics::an_interval_needs_three_values() {
  QVERIFY(!interval_of_mean(spread_of(std::vector<double>{1, 2})));
  // 1, 2, 3: mean 2, deviation 1, t = 4.30265, 1/√3.
  const auto interval = interval_of_mean(spread_of(std::vector<double>{1, 2, 3}));
  QVERIFY(interval);
  QVERIFY(near(interval->low, 2 - 4.30265 / std::sqrt(3.0), 1e-4));
  QVERIFY(near(interval->high, 2 + 4.30265 / std::sqrt(3.0), 1e-4));
}

void TestStatistics::paired_differences() {
  const Pair pairs[] = {{0.9, 0.8}, {0.7, 0.5}, {0.8, 0.5}};  // 0.1, 0.2, 0.3
  const Spread spread = differences_of(pairs);
  QVERIFY(near(spread.mean, 0.2, 1e-12));
  QVERIFY(near(spread.deviation, 0.1, 1e-12));
  QCOMPARE(spread.count, 3);
}

void TestStatistics::fractions_differ_by_chance() {
  // p = 0.5 of 10,000: 2·√(0.25 · 2 / 10000) = 2·√0.00005.
  QVERIFY(near(fraction_error(0.4, 0.6, 10000), 0.0141421356, 1e-9));
}

void TestStatistics::a_ratio_of_means_is_no_mean_of_ratios() {
  // (value − low): 1, 2, 2; (high − low): 2, 2, 8. Of the means 5/12; the mean of the ratios would be 0.5833.
  const Triple seeds[] = {{1, 0, 2}, {12, 10, 12}, {22, 20, 28}};
  const Ratio ratio = closed_of_paired(seeds);
  QVERIFY(near(ratio.value, 5.0 / 12, 1e-12));
  // The denominators 2, 2, 8 have mean 4 and deviation 3.46: within chance of 0.
  QVERIFY(!ratio.interval);
}

void TestStatistics::fiellers_bounds_are_where_the_t_test_turns() {
  const Triple seeds[] = {{0.52, 0.40, 0.60}, {0.55, 0.42, 0.61}, {0.50, 0.39, 0.62}, {0.56, 0.43, 0.60}};
  const Ratio ratio = closed_of_paired(seeds);
  QVERIFY(ratio.interval);
  QVERIFY(ratio.interval->low < ratio.value && ratio.value < ratio.interval->high);
  // Where a bound is taken for the truth, value − low − bound·(high − low) is just significant: its own 95 %
  // interval ends at 0.
  for (const double bound : {ratio.interval->low, ratio.interval->high}) {
    std::vector<double> rest;
    for (const Triple& seed : seeds) rest.push_back(seed.value - seed.low - bound * (seed.high - seed.low));
    const auto interval = interval_of_mean(spread_of(rest));
    QVERIFY(std::min(std::abs(interval->low), std::abs(interval->high)) < 1e-9);
  }
  QVERIFY(!closed_of_paired(std::span(seeds, 2)).interval);
}

void TestStatistics::samples_of_their_own_add_their_variances() {
  const Spread low = spread_of(std::vector<double>{1, 2, 3}),
               high = spread_of(std::vector<double>{11, 12, 13}),
               value = spread_of(std::vector<double>{6, 7, 8, 9});
  // Variances of the means 1/3 and 1/3, t of two degrees of freedom.
  const auto between = interval_of_difference(high, low);
  QVERIFY(near(between->low, 10 - 4.30265 * std::sqrt(2.0 / 3), 1e-4));
  const Ratio ratio = closed_of_separate(value, low, high);
  QVERIFY(near(ratio.value, 0.55, 1e-12));
  QVERIFY(ratio.interval);
  // At a bound ρ: numerator − ρ·denominator is t standard errors from 0, with the variance of
  // value − low − ρ(high − low) = value + (ρ−1)·low − ρ·high: 5/12 + (ρ−1)²/3 + ρ²/3.
  for (const double bound : {ratio.interval->low, ratio.interval->high}) {
    const double error = std::sqrt(5.0 / 12 + (bound - 1) * (bound - 1) / 3 + bound * bound / 3);
    QVERIFY(near(std::abs(5.5 - bound * 10) / error, 4.30265, 1e-4));
  }
  QVERIFY(!interval_of_difference(high, spread_of(std::vector<double>{1, 2})));
}

QTEST_APPLESS_MAIN(TestStatistics)
#include "test_statistics.moc"
