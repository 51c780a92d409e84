// The min/max pyramid against a brute-force scan, built at once and bit by bit.
#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

#include "ui/plot/pyramid.h"

namespace grapevine {
namespace {

std::vector<double> noisy(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 3);
  std::vector<double> values(count);
  for (double& value : values) value = normal(random);
  // Holes, and what is not a number, must not count.
  for (std::size_t i = 0; i < count; i += 37) values[i] = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 5; i < count; i += 1001) values[i] = std::numeric_limits<double>::infinity();
  return values;
}

Extent scanned(const std::vector<double>& values, std::size_t first, std::size_t last) {
  Extent extent;
  for (std::size_t i = first; i < last; ++i) {
    if (!std::isfinite(values[i])) continue;
    extent.lowest = std::min(extent.lowest, values[i]);
    extent.highest = std::max(extent.highest, values[i]);
    if (values[i] > 0) extent.lowest_positive = std::min(extent.lowest_positive, values[i]);
    extent.sum += values[i];
    ++extent.count;
  }
  return extent;
}

}  // namespace

class TestPyramid : public QObject {
  Q_OBJECT

 private:
  static void compare(const Pyramid& pyramid, const std::vector<double>& values, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_int_distribution<std::size_t> place(0, values.size());
    for (int trial = 0; trial < 400; ++trial) {
      std::size_t first = place(random);
      std::size_t last = place(random);
      if (first > last) std::swap(first, last);
      const Extent found = pyramid.range(values, first, last);
      const Extent wanted = scanned(values, first, last);
      QCOMPARE(found.lowest, wanted.lowest);
      QCOMPARE(found.highest, wanted.highest);
      QCOMPARE(found.lowest_positive, wanted.lowest_positive);
      QCOMPARE(found.count, wanted.count);
      QVERIFY(std::abs(found.sum - wanted.sum) <= 1e-9 * (1 + static_cast<double>(wanted.count)));
    }
  }

 private Q_SLOTS:
  void a_range_is_what_a_scan_finds() {
    for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 127u, 128u, 5000u}) {
      const std::vector<double> values = noisy(size, 1);
      Pyramid pyramid;
      pyramid.update(values);
      compare(pyramid, values, 2);
    }
  }

  void grown_bit_by_bit_it_is_the_same() {
    const std::vector<double> all = noisy(20000, 3);
    std::mt19937 random(4);
    std::uniform_int_distribution<std::size_t> more(0, 300);
    std::vector<double> values;
    Pyramid grown;
    while (values.size() < all.size()) {
      const std::size_t next = std::min(all.size(), values.size() + more(random));
      values.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(next));
      grown.update(values);
    }
    compare(grown, values, 5);
  }

  void growing_reads_each_value_once() {
    std::vector<double> values;
    Pyramid pyramid;
    for (int i = 0; i < 50000; ++i) {
      values.push_back(i);
      if (i % 7 == 0) pyramid.update(values);
    }
    QVERIFY(pyramid.values_read() > 40000);
    QVERIFY(pyramid.values_read() <= values.size());
  }

  void another_column_is_noticed() {
    std::vector<double> values = noisy(1000, 6);
    Pyramid pyramid;
    pyramid.update(values);
    std::vector<double> shorter(values.begin(), values.begin() + 300);
    pyramid.update(shorter);
    compare(pyramid, shorter, 7);
    std::vector<double> other = noisy(4000, 8);
    other[0] = 17;  // noisy() has a hole there in both
    pyramid.update(other);
    compare(pyramid, other, 9);
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestPyramid)
#include "test_pyramid.moc"
