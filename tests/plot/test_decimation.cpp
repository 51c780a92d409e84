// From a million samples to at most two points a pixel column, without losing a peak.
#include <QtTest>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "ui/plot/decimate.h"
#include "ui/plot/series_cache.h"

namespace grapevine {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

Series wandering(std::size_t count) {
  std::mt19937 random(11);
  std::normal_distribution<double> normal(0, 1);
  Series series;
  double level = 0;
  for (std::size_t i = 0; i < count; ++i) {
    level += 0.01 * normal(random);
    series.step.push_back(static_cast<std::int64_t>(i));
    series.epoch.push_back(static_cast<double>(i) / 1000);
    series.seconds.push_back(static_cast<double>(i) * 0.02);
    series.value.push_back(level + normal(random));
  }
  return series;
}

Series from(const std::vector<double>& values) {
  Series series;
  for (std::size_t i = 0; i < values.size(); ++i) {
    series.step.push_back(static_cast<std::int64_t>(i));
    series.epoch.push_back(static_cast<double>(i));
    series.seconds.push_back(static_cast<double>(i));
    series.value.push_back(values[i]);
  }
  return series;
}

Pieces decimated(const Series& series, const Columns& columns) {
  const SeriesView view(series, TimeAxis::step);
  Pyramid pyramid;
  pyramid.update(view.values());
  Pieces pieces;
  decimate(view, view.values(), pyramid, columns, pieces);
  return pieces;
}

struct MinMax {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
  int count = 0;
  void add(double value) {
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
    ++count;
  }
};

}  // namespace

class TestDecimation : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void two_points_a_column_and_every_extreme() {
    const Series series = wandering(1000000);
    for (const Columns& columns :
         {Columns{0, 1000000, 1000}, Columns{123456.7, 654321.1, 1733}, Columns{-5000, 40000, 640}}) {
      const Pieces pieces = decimated(series, columns);
      const auto column_of = [&](double x) { return static_cast<long>(std::floor(x / columns.width())); };
      std::map<long, MinMax> wanted;
      for (std::size_t i = 0; i < series.size(); ++i) {
        const auto x = static_cast<double>(series.step[i]);
        if (x >= columns.lo && x < columns.hi) wanted[column_of(x)].add(series.value[i]);
      }
      std::map<long, MinMax> found;
      double before = -1e300;
      for (const Point& p : pieces.points) {
        QVERIFY(p.x >= before);
        before = p.x;
        if (p.x >= columns.lo && p.x < columns.hi) found[column_of(p.x)].add(p.y);
      }
      QCOMPARE(found.size(), wanted.size());
      for (const auto& [column, extremes] : wanted) {
        QVERIFY(found[column].count <= 2);
        QCOMPARE(found[column].lowest, extremes.lowest);
        QCOMPARE(found[column].highest, extremes.highest);
      }
      QVERIFY(pieces.points.size() <= 2 * (static_cast<std::size_t>(columns.count) + 1) + 2);
    }
  }

  void few_samples_stay_as_they_are() {
    const Series series = from({3, 1, 4, 1, 5});
    const Pieces pieces = decimated(series, {0, 5, 1000});
    QCOMPARE(pieces.count(), std::size_t(1));
    QCOMPARE(pieces.points.size(), std::size_t(5));
    for (std::size_t i = 0; i < 5; ++i)
      QCOMPARE(pieces.points[i], (Point{static_cast<double>(i), series.value[i]}));
  }

  void the_line_reaches_beyond_both_edges() {
    const Pieces pieces = decimated(from({0, 1, 2, 3, 4, 5, 6}), {1.5, 4.5, 300});
    QCOMPARE(pieces.points.front().x, 1.0);
    QCOMPARE(pieces.points.back().x, 5.0);
  }

  void a_missing_value_parts_the_line() {
    const Pieces pieces =
        decimated(from({1, 2, kNothing, 4, std::numeric_limits<double>::infinity(), 6}), {0, 6, 600});
    QCOMPARE(pieces.count(), std::size_t(3));
    QCOMPARE(pieces.piece(0).size(), std::size_t(2));
    QCOMPARE(pieces.piece(1).size(), std::size_t(1));
    QCOMPARE(pieces.piece(2).front(), (Point{5, 6}));
  }

  void a_hole_wider_than_a_pixel_parts_a_dense_line() {
    Series series = wandering(100000);
    std::fill(series.value.begin() + 40000, series.value.begin() + 41000, kNothing);
    const Pieces pieces = decimated(series, {0, 100000, 1000});
    QCOMPARE(pieces.count(), std::size_t(2));
    QVERIFY(pieces.piece(0).back().x < 40000);
    QVERIFY(pieces.piece(1).front().x >= 41000);
  }

  void panning_by_whole_columns_keeps_the_points() {
    const Series series = wandering(200000);
    const Pieces before = decimated(series, {10000, 60000, 500});
    const Pieces after = decimated(series, {10000 + 3700, 60000 + 3700, 500});
    std::map<double, double> known;
    for (const Point& p : before.points) known[p.x] = p.y;
    int shared = 0;
    for (const Point& p : after.points) {
      if (p.x < 13800 || p.x > 59800) continue;
      QVERIFY(known.contains(p.x));
      QCOMPARE(known[p.x], p.y);
      ++shared;
    }
    QVERIFY(shared > 900);
  }

  void smoothing_comes_before_decimation() {
    const Series series = wandering(50000);
    SeriesCache cache;
    const double a = 0.9;
    const LineRequest request = {SeriesView(series, TimeAxis::step), 1, a};
    const Columns columns = {0, 50000, 100};
    const Pieces& line = cache.line(request, columns);
    // The formula, on all samples: s_i = (1−a) Σ_k a^(i−k) x_k / (1 − a^(i+1)).
    double mean = 0;
    std::map<long, MinMax> wanted;
    for (std::size_t i = 0; i < series.size(); ++i) {
      mean = a * mean + (1 - a) * series.value[i];
      wanted[static_cast<long>(i / 500)].add(mean / (1 - std::pow(a, static_cast<double>(i + 1))));
    }
    std::map<long, MinMax> found;
    for (const Point& p : line.points) found[static_cast<long>(std::floor(p.x / 500))].add(p.y);
    for (const auto& [column, extremes] : wanted) {
      QVERIFY(std::abs(found[column].lowest - extremes.lowest) < 1e-9);
      QVERIFY(std::abs(found[column].highest - extremes.highest) < 1e-9);
    }
  }

  void a_line_is_worked_out_once_for_a_key() {
    Series series = wandering(1000);
    SeriesCache cache;
    LineRequest request = {SeriesView(series, TimeAxis::step), 1, 0};
    const Columns columns = {0, 2000, 500};
    cache.line(request, columns);
    cache.line(request, columns);
    QCOMPARE(cache.decimations(), 1);
    cache.line(request, {0, 2000, 501});
    QCOMPARE(cache.decimations(), 2);
    request.smoothing = 0.5;
    cache.line(request, columns);
    QCOMPARE(cache.decimations(), 3);
    // New data is seen when the revision says so.
    series.step.push_back(1000);
    series.epoch.push_back(1);
    series.seconds.push_back(20);
    series.value.push_back(99);
    request.revision = 2;
    request.smoothing = 0;
    QCOMPARE(cache.line(request, columns).points.back(), (Point{1000, 99}));
    QCOMPARE(cache.decimations(), 4);
  }

  // The columns of every picture on the way hold the least and the largest value of their own samples.
  void panning_goes_on_along_one_line() {
    const Series series = wandering(200000);
    SeriesCache cache;
    const LineRequest request = {SeriesView(series, TimeAxis::step), 1, 0};
    const double width = 100;  // samples a column
    for (int pan = 0; pan < 30; ++pan) {
      const double lo = 40000 + 2000.0 * pan;
      const Pieces& line = cache.line(request, {lo, lo + 40000, 400});
      std::map<long, MinMax> wanted, found;
      for (auto i = static_cast<std::size_t>(lo); i < static_cast<std::size_t>(lo + 40000); ++i)
        wanted[static_cast<long>(static_cast<double>(i) / width)].add(series.value[i]);
      for (const Point& p : line.points)
        if (p.x >= lo && p.x < lo + 40000) found[static_cast<long>(std::floor(p.x / width))].add(p.y);
      for (const auto& [column, extremes] : wanted) {
        QCOMPARE(found[column].lowest, extremes.lowest);
        QCOMPARE(found[column].highest, extremes.highest);
      }
    }
    // 58,000 samples further: the first picture, and one line for each 22,000 and less at the most.
    QVERIFY2(cache.decimations() <= 4, qPrintable(QString::number(cache.decimations())));
    // At another width it is another line.
    const int before = cache.decimations();
    cache.line(request, {98000, 118000, 400});
    QCOMPARE(cache.decimations(), before + 1);
  }

  void columns_of_a_heat_map_hold_the_mean_or_the_last_value() {
    const Series series = from({2, 4, 6, 8, kNothing, 10});
    const SeriesView view(series, TimeAxis::step);
    Pyramid pyramid;
    pyramid.update(view.values());
    std::vector<double> means;
    column_means(view, pyramid, {0, 8, 4}, means);  // samples 0 1 | 2 3 | 4 5 | none
    QCOMPARE(means.size(), std::size_t(4));
    QCOMPARE(means[0], 3.0);
    QCOMPARE(means[1], 7.0);
    QCOMPARE(means[2], 10.0);
    QVERIFY(std::isnan(means[3]));
    column_means(view, pyramid, {-1, 3, 8}, means);  // half a step per column
    QVERIFY(std::isnan(means[0]) && std::isnan(means[1]));
    QCOMPARE(means[2], 2.0);
    QCOMPARE(means[3], 2.0);
    QCOMPARE(means[4], 4.0);
    column_means(view, pyramid, {0, 8, 8}, means, 6.5);  // samples at 0 … 5; the run is at 6.5
    QCOMPARE(means[5], means[6]);
    QVERIFY(!std::isnan(means[6]) && std::isnan(means[7]));
  }

  // By hand: decades of equal width, each column's least and largest value, nothing of what is not positive.
  void logarithmic_columns_are_equally_wide() {
    std::vector<double> values;
    for (int i = 0; i <= 1000; ++i) values.push_back(std::sin(i));
    const Series series = from(values);
    const SeriesView view(series, TimeAxis::step);
    Pyramid pyramid;
    pyramid.update(view.values());
    const Columns columns = {1, 1000, 30, true};
    QVERIFY(std::abs(columns.width() - 0.1) < 1e-12);
    Pieces pieces;
    decimate(view, view.values(), pyramid, columns, pieces);
    std::map<int, int> in_decade;
    double lowest = 1, highest = -1;
    for (const Point& point : pieces.points) {
      QVERIFY(point.x > 0);
      if (point.x < 1000) ++in_decade[static_cast<int>(std::floor(std::log10(point.x)))];
      lowest = std::min(lowest, point.y);
      highest = std::max(highest, point.y);
    }
    QVERIFY(in_decade[0] == 9 && in_decade[1] <= 20 && in_decade[2] <= 20 && in_decade[2] >= 18);
    QCOMPARE(lowest, *std::min_element(values.begin() + 1, values.end()));
    QCOMPARE(highest, *std::max_element(values.begin() + 1, values.end()));
    std::vector<double> means;
    column_means(view, pyramid, {1, 1000, 3, true}, means);
    double sum = 0;
    for (int i = 10; i < 100; ++i) sum += values[static_cast<std::size_t>(i)];
    QVERIFY(std::abs(means[1] - sum / 90) < 1e-9);
  }

  void the_nearest_sample_is_found() {
    const Series series = from({5, 6, 7});
    const SeriesView view(series, TimeAxis::step);
    QCOMPARE(view.nearest(-10), std::size_t(0));
    QCOMPARE(view.nearest(0.4), std::size_t(0));
    QCOMPARE(view.nearest(0.6), std::size_t(1));
    QCOMPARE(view.nearest(99), std::size_t(2));
    for (std::size_t begin = 0; begin <= 3; ++begin) QCOMPARE(view.lower_bound(2.5, begin), std::size_t(3));
    QCOMPARE(view.lower_bound(1), std::size_t(1));
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestDecimation)
#include "test_decimation.moc"
