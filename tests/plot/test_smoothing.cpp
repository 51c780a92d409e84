// Smoothing against its formula, at once and bit by bit.
#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

#include "ui/plot/smoothing.h"

namespace grapevine {

class TestSmoothing : public QObject {
  Q_OBJECT

 private:
  /// The weighted mean with weights a^(n−k): what removing the bias amounts to.
  static double weighted_mean(const std::vector<double>& values, std::size_t last, double a) {
    double sum = 0;
    double weights = 0;
    double weight = 1;
    for (std::size_t i = last + 1; i-- > 0;) {
      if (!std::isfinite(values[i])) continue;
      sum += weight * values[i];
      weights += weight;
      weight *= a;
    }
    return sum / weights;
  }

  static std::vector<double> made() {
    std::mt19937 random(5);
    std::normal_distribution<double> normal(2, 1);
    std::vector<double> values(300);
    for (double& value : values) value = normal(random);
    values[40] = std::numeric_limits<double>::quiet_NaN();
    values[41] = -std::numeric_limits<double>::infinity();
    return values;
  }

 private Q_SLOTS:
  void equals_the_weighted_mean() {
    const std::vector<double> values = made();
    for (const double a : {0.0, 0.5, 0.9, 0.99}) {
      Smoothing smoothing;
      smoothing.update(values, a);
      QCOMPARE(smoothing.values().size(), values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
          QVERIFY(std::isnan(smoothing.values()[i]));
        } else {
          QVERIFY(std::abs(smoothing.values()[i] - weighted_mean(values, i, a)) < 1e-11);
        }
      }
    }
  }

  void the_first_value_is_not_pulled_to_zero() {
    Smoothing smoothing;
    smoothing.update(std::vector<double>{5, 5, 5}, 0.99);
    for (const double value : smoothing.values()) QVERIFY(std::abs(value - 5) < 1e-12);
  }

  void grown_bit_by_bit_it_is_the_same() {
    const std::vector<double> values = made();
    Smoothing whole;
    whole.update(values, 0.8);
    Smoothing grown;
    for (std::size_t size = 0; size <= values.size(); size += 7)
      grown.update(std::span(values).first(size), 0.8);
    grown.update(values, 0.8);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isfinite(values[i])) QCOMPARE(grown.values()[i], whole.values()[i]);
    }
  }

  void another_weight_or_column_starts_anew() {
    Smoothing smoothing;
    smoothing.update(std::vector<double>{1, 2, 3}, 0.5);
    smoothing.update(std::vector<double>{1, 2, 3}, 0);
    QCOMPARE(smoothing.values()[2], 3.0);
    smoothing.update(std::vector<double>{7, 2, 3, 4}, 0);
    QCOMPARE(smoothing.values()[0], 7.0);
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestSmoothing)
#include "test_smoothing.moc"
