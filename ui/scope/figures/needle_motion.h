// Needles on their way from what one probe measured to what the next did: they turn in a fifth of a second,
// so that the eye can follow. Between two probes nothing was measured; pictures, pages and scrubbing show
// measured times alone. The thread that draws.
#pragma once

#include <map>
#include <utility>

#include "ui/scope/figures/stage_data.h"

namespace grapevine {

class NeedleMotion {
 public:
  static constexpr double kMs = 200;

  /// Turns needles and fans of a stage to where they are `now` (in milliseconds of any clock). Who is seen
  /// for the first time is where it belongs.
  void move(StageData& stage, double now);
  bool moving(double now) const { return now < still_from_; }
  void forget();

 private:
  struct Places {
    double angle = kUnknown, low = kUnknown, high = kUnknown;
  };
  struct Needle {
    Places from, to;
    double began = 0;
  };
  static Places between(const Needle& needle, double now);

  std::map<std::pair<int, int>, Needle> needles_;  ///< by racer and point
  double still_from_ = 0;
};

}  // namespace grapevine
