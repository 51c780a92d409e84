// Student's t by its finite series (Abramowitz and Stegun 26.7.3, 26.7.4); ratios by Fieller (1954).
#include "engine/runs/statistics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace grapevine {
namespace {

/// P(|T| <= t).
double within(double t, int degrees) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
  const double cosine = std::cos(angle), sine = std::sin(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? cosine : 1, sum = degrees == 1 ? 0 : term;
  for (int k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= cosine * cosine * static_cast<double>(k - 1) / static_cast<double>(k);
    sum += term;
  }
  return odd ? 2 / std::numbers::pi * (angle + sine * sum) : sine * sum;
}

/// Variances of a numerator and a denominator that are means, and their covariance.
struct Moments {
  double numerator, denominator, both;
};

/// The ρ for which numerator − ρ·denominator is within t standard errors of 0. An interval only where the
/// denominator's own excludes 0; else every ratio beyond two bounds fits, or every one at all.
std::optional<Interval> fieller(double numerator, double denominator, const Moments& variance, double t) {
  const double a = denominator * denominator - t * t * variance.denominator;
  const double b = numerator * denominator - t * t * variance.both;
  const double c = numerator * numerator - t * t * variance.numerator;
  if (!(a > 0)) return std::nullopt;
  const double root = std::sqrt(std::max(0.0, b * b - a * c));
  return Interval{(b - root) / a, (b + root) / a};
}

double mean_of(std::span<const Triple> seeds, double Triple::*member) {
  double sum = 0;
  for (const Triple& seed : seeds) sum += seed.*member;
  return sum / static_cast<double>(seeds.size());
}

double variance_of_mean(const Spread& spread) {
  return spread.deviation * spread.deviation / spread.count;
}

}  // namespace

Spread spread_of(std::span<const double> values) {
  Spread spread;
  spread.count = static_cast<int>(values.size());
  if (values.empty()) return spread;
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  spread.mean = sum / spread.count;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  if (spread.count > 1) spread.deviation = std::sqrt(squares / (spread.count - 1));
  return spread;
}

double t_quantile(int degrees_of_freedom) {
  const int degrees = std::clamp(degrees_of_freedom, 1, 100000);
  double low = 0, high = 13;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (within(middle, degrees) < 0.95 ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::optional<Interval> interval_of_mean(const Spread& spread) {
  if (spread.count < 3) return std::nullopt;
  const double half = t_quantile(spread.count - 1) * std::sqrt(variance_of_mean(spread));
  return Interval{spread.mean - half, spread.mean + half};
}

Spread differences_of(std::span<const Pair> pairs) {
  std::vector<double> differences;
  for (const auto& [first, second] : pairs) differences.push_back(first - second);
  return spread_of(differences);
}

double fraction_error(double one, double other, double tests) {
  const double p = (one + other) / 2;
  return 2 * std::sqrt(p * (1 - p) * 2 / tests);
}

Ratio closed_of_paired(std::span<const Triple> seeds) {
  const double low = mean_of(seeds, &Triple::low);
  const double numerator = mean_of(seeds, &Triple::value) - low,
               denominator = mean_of(seeds, &Triple::high) - low;
  Ratio ratio{numerator / denominator, std::nullopt};
  if (seeds.size() < 3) return ratio;
  Moments sums{0, 0, 0};
  for (const Triple& seed : seeds) {
    const double x = seed.value - seed.low - numerator, y = seed.high - seed.low - denominator;
    sums.numerator += x * x;
    sums.denominator += y * y;
    sums.both += x * y;
  }
  const double n = static_cast<double>(seeds.size()), share = 1 / ((n - 1) * n);
  ratio.interval =
      fieller(numerator, denominator, {sums.numerator * share, sums.denominator * share, sums.both * share},
              t_quantile(static_cast<int>(seeds.size()) - 1));
  return ratio;
}

Ratio closed_of_separate(const Spread& value, const Spread& low, const Spread& high) {
  const double numerator = value.mean - low.mean, denominator = high.mean - low.mean;
  Ratio ratio{numerator / denominator, std::nullopt};
  const int least = std::min({value.count, low.count, high.count});
  if (least < 3) return ratio;
  const double of_low = variance_of_mean(low);
  ratio.interval = fieller(numerator, denominator,
                           {variance_of_mean(value) + of_low, variance_of_mean(high) + of_low, of_low},
                           t_quantile(least - 1));
  return ratio;
}

std::optional<Interval> interval_of_difference(const Spread& high, const Spread& low) {
  const int least = std::min(high.count, low.count);
  if (least < 3) return std::nullopt;
  const double half = t_quantile(least - 1) * std::sqrt(variance_of_mean(high) + variance_of_mean(low));
  return Interval{high.mean - low.mean - half, high.mean - low.mean + half};
}

}  // namespace grapevine
