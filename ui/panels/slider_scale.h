// What a slider's places mean for a setting: rates go by factors over four decades round their value, shares
// go evenly from end to end, and where zero means off the lowest place is zero. Pure; any thread.
#pragma once

#include "engine/experiment/settings.h"

namespace grapevine {

class SliderScale {
 public:
  static constexpr int places = 400;

  /// Of a setting that is at `now`.
  SliderScale(const Setting& setting, double now);
  /// Three digits at most, and within the setting's range; whole where the setting is.
  double value(int place) const;
  /// The nearest.
  int place(double value) const;
  /// Is this a setting that a slider says something to?
  static bool fits(const Setting& setting);

 private:
  bool log_ = false;       ///< from low_ to high_ by factors
  bool has_zero_ = false;  ///< beneath low_
  bool whole_ = false;
  double low_ = 0, high_ = 1;
};

}  // namespace grapevine
