// Axes: from a value to a place between 0 and 1 and back, and the ticks with their labels. Any thread may
// call.
#pragma once

#include <string>
#include <vector>

#include "ui/plot/time_axis.h"

namespace grapevine {

enum class Scale { linear, log, symlog };

/// What the numbers on an axis are, for their labels; cosines may be read as the angles they are of.
enum class Unit { number, count, seconds, share, angle };

/// `lo` < `hi`; both positive when the scale is log.
struct Axis {
  double lo = 0;
  double hi = 1;
  Scale scale = Scale::linear;
  Unit unit = Unit::number;
  double linear_until = 1e-3;  ///< symlog: |value| below it is linear

  /// lo → 0, hi → 1. NaN where the scale has no place for the value (log of what is not positive).
  double to_unit(double value) const;
  double from_unit(double place) const;
  /// The value with as many digits as make sense at this range.
  std::string format(double value) const;
  /// The same in few digits, for labels: "76.8 %", "0.77".
  std::string format(double value, int digits) const;
  bool operator==(const Axis&) const = default;
};

struct Tick {
  double value = 0;
  std::string label;  ///< empty for minor ticks
};

/// Ticks inside the axis at round numbers, labelled ones at least `gap` pixels apart, less where there would
/// be one alone. Never more than a few hundred.
std::vector<Tick> make_ticks(const Axis& axis, double pixels, double gap);

/// The smallest of 1, 2, 5 times a power of ten that is not below `raw` (> 0).
double nice_step(double raw);
/// The same for seconds: 15 s, 30 s, minutes, hours, days.
double nice_seconds(double raw);

/// 1234 → "1234", 20000 → "20k", 1500000 → "1.5M".
std::string format_count(double value);
/// 75 → "1:15", 3700 → "1:01:40"; below a minute "12 s".
std::string format_seconds(double value, double resolution = 1);
/// As %.*g but without a minus before zero and with a real minus sign.
std::string format_number(double value, int digits = 4);
/// Title of the time axis: "step", "epoch", "time", "samples".
const char* title_of(TimeAxis axis);
Unit unit_of(TimeAxis axis);

/// Fits an axis round values with a little air; a flat range gets a width. `lo` > `hi` means nothing was
/// seen.
Axis fitted_axis(double lo, double hi, Scale scale, Unit unit);

}  // namespace grapevine
