// Axes and ticks.
#include "ui/plot/axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>

namespace grapevine {
namespace {

/// A power of ten without the rounding of pow().
double power_of_ten(int exponent) {
  return exponent >= 0 ? std::pow(10.0, exponent) : 1.0 / std::pow(10.0, -exponent);
}

double symlog(double value, double until) {
  const double size = std::abs(value) / until;
  return size <= 1 ? value / until : std::copysign(1 + std::log10(size), value);
}

double symlog_inverse(double place, double until) {
  const double size = std::abs(place);
  return size <= 1 ? place * until : std::copysign(until * std::pow(10.0, size - 1), place);
}

/// Where the scale would put a value on an endless linear ruler.
double bend(const Axis& axis, double value) {
  switch (axis.scale) {
    case Scale::linear:
      return value;
    case Scale::log:
      return value > 0 ? std::log10(value) : std::numeric_limits<double>::quiet_NaN();
    case Scale::symlog:
      return symlog(value, axis.linear_until);
  }
  return value;
}

double unbend(const Axis& axis, double place) {
  switch (axis.scale) {
    case Scale::linear:
      return place;
    case Scale::log:
      return std::pow(10.0, place);
    case Scale::symlog:
      return symlog_inverse(place, axis.linear_until);
  }
  return place;
}

std::string printed(const char* format, int digits, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, digits, value);
  std::string result = text.data();
  // An exponent needs no sign of plus and no leading zeros.
  if (const auto e = result.find('e'); e != std::string::npos) {
    std::string tail = result.substr(e + 1);
    const bool negative = tail.starts_with('-');
    tail.erase(0, tail.find_first_not_of("+-0"));
    result = result.substr(0, e) + "e" + (negative ? "−" : "") + tail;
  }
  if (result.starts_with('-')) {
    const bool zero = result.find_first_of("123456789") == std::string::npos;
    result = (zero ? "" : "−") + result.substr(1);
  }
  return result;
}

/// Digits behind the point that tell neighbours `step` apart.
int decimals_for(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
}

/// The angle of a cosine: "60°".
std::string degrees(double cosine, int digits) {
  return printed("%.*f°", digits, std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi);
}

/// At round angles: their cosines crowd towards 1, so that labels are left out by the room they have.
std::vector<Tick> angle_ticks(const Axis& axis, double pixels, double gap) {
  std::vector<Tick> ticks;
  for (const double angle : {180.0, 150.0, 120.0, 105.0, 90.0, 75.0, 60.0, 45.0, 30.0, 0.0}) {
    const double cosine = std::cos(angle * std::numbers::pi / 180);
    if (cosine < axis.lo - 1e-9 || cosine > axis.hi + 1e-9) continue;
    const bool room =
        ticks.empty() || axis.to_unit(cosine) - axis.to_unit(ticks.back().value) >= gap / pixels;
    if (room) ticks.push_back({cosine, degrees(cosine, 0)});
  }
  return ticks;
}

std::string tick_label(const Axis& axis, double value, double step) {
  switch (axis.unit) {
    case Unit::count:
      return format_count(value);
    case Unit::seconds:
      return format_seconds(value, step);
    case Unit::share:
      return printed("%.*f %%", std::max(0, decimals_for(step) - 2), 100 * value);
    case Unit::angle:
      return degrees(value, 0);
    case Unit::number:
      break;
  }
  const double size = std::max(std::abs(axis.lo), std::abs(axis.hi));
  if (size >= 1e6 || size < 1e-4) return format_number(value, 4);
  return printed("%.*f", decimals_for(step), value);
}

std::vector<Tick> ticks_every(const Axis& axis, double step) {
  std::vector<Tick> ticks;
  const double first = std::ceil(axis.lo / step - 1e-9);
  for (double i = first; i * step <= axis.hi + step * 1e-9 && ticks.size() < 300; ++i)
    ticks.push_back({i * step, tick_label(axis, i * step, step)});
  return ticks;
}

/// Of one number alone nothing can be read: two may stand closer than others do.
std::vector<Tick> linear_ticks(const Axis& axis, double pixels, double gap) {
  constexpr double closer = 0.6;
  const double span = axis.hi - axis.lo;
  const double raw = span * std::clamp(gap / pixels, 1.0 / 100, 1.0);
  double step = axis.unit == Unit::seconds ? nice_seconds(raw) : nice_step(raw);
  if (axis.unit == Unit::count) step = std::max(step, 1.0);
  std::vector<Tick> ticks = ticks_every(axis, step);
  if (ticks.size() > 1 || axis.unit == Unit::seconds || axis.unit == Unit::count) return ticks;
  const double shorter = nice_step(step / 2.5 * (1 - 1e-9));  // 5 → 2, 2 → 1, 1 → 0.5
  return shorter / span * pixels >= gap * closer ? ticks_every(axis, shorter) : ticks;
}

std::string decade_label(const Axis& axis, double value) {
  switch (axis.unit) {
    case Unit::count:
      return format_count(value);
    case Unit::seconds:
      return format_seconds(value, value / 10);
    case Unit::share:
      return format_number(100 * value, 3) + " %";
    default:
      return format_number(value, 3);
  }
}

/// Decades from `from` to `to`, every `skip`-th labelled, the numbers between them unlabelled.
void add_decades(const Axis& axis, int from, int to, int skip, double sign, std::vector<Tick>& ticks) {
  for (int decade = from; decade <= to; ++decade) {
    const double base = power_of_ten(decade);
    const auto inside = [&](double value) {
      return value >= axis.lo * (1 - 1e-12) && value <= axis.hi * (1 + 1e-12);
    };
    const double value = sign * base;
    if (value >= axis.lo - std::abs(axis.lo) * 1e-12 && value <= axis.hi + std::abs(axis.hi) * 1e-12) {
      ticks.push_back({value, decade % skip == 0 ? decade_label(axis, value) : ""});
    }
    if (skip > 1 || sign < 0) continue;
    for (int m = 2; m <= 9; ++m) {
      if (inside(m * base)) ticks.push_back({m * base, ""});
    }
  }
}

std::vector<Tick> log_ticks(const Axis& axis, double pixels, double gap) {
  const double decades = std::log10(axis.hi / axis.lo);
  if (decades < 1.2) {
    // Less than a decade or so: round numbers as on a linear axis say more than powers of ten.
    Axis linear = axis;
    linear.scale = Scale::linear;
    return linear_ticks(linear, pixels, gap * 1.3);
  }
  const int skip = std::max(1, static_cast<int>(std::ceil(gap * decades / pixels)));
  std::vector<Tick> ticks;
  add_decades(axis, static_cast<int>(std::floor(std::log10(axis.lo))),
              static_cast<int>(std::ceil(std::log10(axis.hi))), skip, 1, ticks);
  return ticks;
}

std::vector<Tick> symlog_ticks(const Axis& axis, double pixels, double gap) {
  const double reach = bend(axis, axis.hi) - bend(axis, axis.lo);
  const int skip = std::max(1, static_cast<int>(std::ceil(gap * reach / pixels)));
  const int from = static_cast<int>(std::ceil(std::log10(axis.linear_until) - 1e-9));
  std::vector<Tick> ticks;
  const auto top = [&](double edge) {
    return static_cast<int>(std::ceil(std::log10(std::max(edge, axis.linear_until))));
  };
  if (axis.lo < 0) add_decades(axis, from, top(-axis.lo), skip, -1, ticks);
  if (axis.lo <= 0 && axis.hi >= 0) ticks.push_back({0, "0"});
  if (axis.hi > 0) add_decades(axis, from, top(axis.hi), skip, 1, ticks);
  std::sort(ticks.begin(), ticks.end(), [](const Tick& a, const Tick& b) { return a.value < b.value; });
  return ticks;
}

}  // namespace

double Axis::to_unit(double value) const {
  const double a = bend(*this, lo);
  const double b = bend(*this, hi);
  return (bend(*this, value) - a) / (b - a);
}

double Axis::from_unit(double place) const {
  const double a = bend(*this, lo);
  const double b = bend(*this, hi);
  return unbend(*this, a + place * (b - a));
}

std::string Axis::format(double value) const {
  if (!std::isfinite(value)) return "—";
  if (unit == Unit::seconds) return format_seconds(value, (hi - lo) / 1000);
  if (unit == Unit::count) return printed("%.*f", 0, value);
  if (unit == Unit::angle) return degrees(value, 1);
  return unit == Unit::share ? printed("%.*f %%", 2, 100 * value) : format_number(value, 4);
}

std::string Axis::format(double value, int digits) const {
  if (!std::isfinite(value)) return "—";
  if (unit == Unit::share) return printed("%.*f %%", std::max(0, digits - 1), 100 * value);
  if (unit == Unit::angle) return degrees(value, 0);
  if (unit != Unit::number) return format(value);
  const double size = std::max(std::abs(lo), std::abs(hi));
  if (scale != Scale::linear || size >= 1e4) return format_number(value, digits + 1);
  // As many places as tell values apart that stand apart on the axis, and not fewer than asked for near 1.
  const int places = std::clamp(decimals_for((hi - lo) / 50), 0, 6);
  return printed("%.*f", size <= 2 ? std::max(places, digits) : places, value);
}

double nice_step(double raw) {
  const double base = power_of_ten(static_cast<int>(std::floor(std::log10(raw) + 1e-12)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * base >= raw * (1 - 1e-9)) return factor * base;
  }
  return 10 * base;
}

double nice_seconds(double raw) {
  if (raw <= 1) return nice_step(raw);
  static constexpr std::array<double, 18> steps = {2,   5,    10,   15,   30,    60,    120,   300,   600,
                                                   900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800};
  for (const double step : steps) {
    if (step >= raw) return step;
  }
  return nice_step(raw / 86400) * 86400;
}

std::vector<Tick> make_ticks(const Axis& axis, double pixels, double gap) {
  if (!(axis.hi > axis.lo) || pixels < 1 || !std::isfinite(axis.hi - axis.lo)) return {};
  switch (axis.scale) {
    case Scale::linear:
      return axis.unit == Unit::angle ? angle_ticks(axis, pixels, gap) : linear_ticks(axis, pixels, gap);
    case Scale::log:
      return axis.lo > 0 ? log_ticks(axis, pixels, gap) : std::vector<Tick>{};
    case Scale::symlog:
      return symlog_ticks(axis, pixels, gap);
  }
  return {};
}

std::string format_count(double value) {
  const double size = std::abs(value);
  if (size < 10000) return printed("%.*f", 0, value);
  if (size < 1e6) return printed("%.*g", 6, value / 1e3) + "k";
  if (size < 1e9) return printed("%.*g", 6, value / 1e6) + "M";
  return printed("%.*g", 6, value / 1e9) + "G";
}

std::string format_seconds(double value, double resolution) {
  std::array<char, 64> text{};
  const double size = std::abs(value);
  if (size < 60) {
    if (value == 0) return "0 s";
    return printed("%.*f", resolution < 1 ? std::min(3, decimals_for(resolution)) : 0, value) + " s";
  }
  const auto whole = static_cast<long long>(std::llround(size));
  const char* sign = value < 0 ? "−" : "";
  if (whole >= 86400 && whole % 86400 == 0 && resolution >= 3600)
    return sign + std::to_string(whole / 86400) + " d";
  if (whole < 3600) {
    std::snprintf(text.data(), text.size(), "%s%lld:%02lld", sign, whole / 60, whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%s%lld:%02lld:%02lld", sign, whole / 3600, whole / 60 % 60,
                  whole % 60);
  }
  return text.data();
}

std::string format_number(double value, int digits) {
  if (std::isnan(value)) return "—";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  return printed("%.*g", digits, value);
}

const char* title_of(TimeAxis axis) {
  switch (axis) {
    case TimeAxis::step:
      return "step";
    case TimeAxis::epoch:
      return "epoch";
    case TimeAxis::seconds:
      return "time";
    case TimeAxis::samples:
      return "samples";
  }
  return "step";
}

Unit unit_of(TimeAxis axis) {
  switch (axis) {
    case TimeAxis::step:
      return Unit::count;
    case TimeAxis::epoch:
      return Unit::number;
    case TimeAxis::seconds:
      return Unit::seconds;
    case TimeAxis::samples:
      return Unit::count;
  }
  return Unit::number;
}

Axis fitted_axis(double lo, double hi, Scale scale, Unit unit) {
  Axis axis{0, 1, scale, unit, 1e-3};
  if (scale == Scale::log) axis.lo = 0.1;
  if (!(lo <= hi) || !std::isfinite(lo) || !std::isfinite(hi)) return axis;
  if (scale == Scale::log) {
    if (hi <= 0) return axis;
    lo = lo > 0 ? lo : hi * 1e-3;
    const double air = std::max(std::pow(hi / lo, 0.06), 1.02);
    axis.lo = lo / air;
    axis.hi = hi * air;
    return axis;
  }
  double air = (hi - lo) * 0.06;
  if (!(air > 0)) air = std::max(std::abs(hi) * 0.05, 1e-6);
  axis.lo = lo - air;
  axis.hi = hi + air;
  if (unit == Unit::share) {
    axis.lo = std::max(axis.lo, std::min(lo, -0.01));
    axis.hi = std::min(axis.hi, std::max(hi, 1.01));
  }
  if (lo >= 0 && axis.lo < 0) axis.lo = unit == Unit::share ? axis.lo : 0;
  return axis;
}

}  // namespace grapevine
