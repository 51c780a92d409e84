// Means over seeds and what can be said of their differences. Pure functions; any thread. Numbers that are
// none (NaN) are the callers' to leave out.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace grapevine {

struct Spread {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN();  ///< of the sample (n − 1); NaN of one value
  int count = 0;
};
Spread spread_of(std::span<const double> values);

struct Interval {
  double low = 0, high = 0;
  bool holds(double value) const { return low <= value && value <= high; }
};

/// The 97.5 % point of Student's t: 12.706 for one degree of freedom, 4.303 for two.
double t_quantile(int degrees_of_freedom);
/// 95 % of a mean, by Student's t. Of fewer than three values none: with one degree of freedom it says
/// nothing.
std::optional<Interval> interval_of_mean(const Spread& spread);

/// Two numbers of one seed.
using Pair = std::pair<double, double>;
/// first − second.
Spread differences_of(std::span<const Pair> pairs);

/// 2·√(p(1−p)·2/n): what two fractions of n tests differ by, at most, where only chance tells them apart (95
/// %).
double fraction_error(double one, double other, double tests);

/// (value − low)/(high − low) of means, with its 95 % interval by Fieller's theorem.
struct Ratio {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::optional<Interval> interval;  ///< none with fewer than three seeds
};
/// One seed's three numbers.
struct Triple {
  double value, low, high;
};
/// Where every seed has all three. `interval` is given only where that of high − low excludes 0.
Ratio closed_of_paired(std::span<const Triple> seeds);
/// Where the three have seeds of their own: variances add up, and the smallest sample's degrees of freedom
/// count.
Ratio closed_of_separate(const Spread& value, const Spread& low, const Spread& high);
/// 95 % of high − low of samples of their own, with the same degrees of freedom.
std::optional<Interval> interval_of_difference(const Spread& high, const Spread& low);

}  // namespace grapevine
