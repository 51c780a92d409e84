#include "ui/panels/slider_scale.h"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

/// So that what a slider gives reads as a person would write it.
double three_digits(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double size = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2);
  // By division, not by a reciprocal: 1e-4 is to be 1e-4.
  return size < 1 ? std::round(value / size) / std::round(1 / size) : std::round(value / size) * size;
}

}  // namespace

bool SliderScale::fits(const Setting& setting) {
  return setting.kind == Kind::number || setting.kind == Kind::integer;
}

SliderScale::SliderScale(const Setting& setting, double now)
    : whole_(setting.kind == Kind::integer), low_(setting.low), high_(setting.high) {
  const bool is_share = !whole_ && std::isfinite(setting.high) && setting.high - setting.low <= 1;
  if (is_share) {
    // An open end is not a place.
    if (setting.open_high) high_ -= 1e-3;
    if (setting.open_low) low_ += 1e-3;
    return;
  }
  if (whole_) {
    low_ = std::isfinite(low_) ? low_ : 0;
    high_ = std::min(std::isfinite(high_) ? high_ : 1e9, std::max(10.0, 4 * now));
    return;
  }
  log_ = true;
  has_zero_ = setting.low <= 0 && !setting.open_low;
  const double middle = now > 0 ? now : 1e-3;
  low_ = std::max(middle / 100, setting.low > 0 ? setting.low : 0);
  high_ = std::min(middle * 100, setting.high);
}

double SliderScale::value(int place) const {
  if (log_ && has_zero_ && place <= 0) return 0;
  const double share = static_cast<double>(std::clamp(place, 0, places)) / places;
  const double value = log_ ? low_ * std::pow(high_ / low_, share) : low_ + share * (high_ - low_);
  if (whole_) return std::round(value);
  return std::clamp(three_digits(value), log_ ? 0.0 : low_, high_);
}

int SliderScale::place(double value) const {
  if (log_ && value <= 0) return 0;
  const double share = log_ ? std::log(value / low_) / std::log(high_ / low_)
                            : (value - low_) / std::max(high_ - low_, 1e-300);
  const int place = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * places));
  return log_ && has_zero_ ? std::max(1, place) : place;
}

}  // namespace grapevine
