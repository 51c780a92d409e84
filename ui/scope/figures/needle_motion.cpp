// Needles on their way.
#include "ui/scope/figures/needle_motion.h"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

/// What is known at one end only does not move.
double on_the_way(double from, double to, double share) {
  return std::isnan(from) || std::isnan(to) ? to : from + share * (to - from);
}

}  // namespace

NeedleMotion::Places NeedleMotion::between(const Needle& needle, double now) {
  const double passed = std::clamp((now - needle.began) / kMs, 0.0, 1.0);
  const double share = passed * passed * (3 - 2 * passed);  // sets off and arrives gently
  return {on_the_way(needle.from.angle, needle.to.angle, share),
          on_the_way(needle.from.low, needle.to.low, share),
          on_the_way(needle.from.high, needle.to.high, share)};
}

void NeedleMotion::move(StageData& stage, double now) {
  for (StageColumn& column : stage.columns)
    for (StageDial& dial : column.dials) {
      const Places measured = {dial.angle, dial.low, dial.high};
      const auto [place, is_new] =
          needles_.try_emplace({column.racer, dial.point}, Needle{measured, measured, now - kMs});
      Needle& needle = place->second;
      if (!same(needle.to.angle, dial.angle) || !same(needle.to.low, dial.low) ||
          !same(needle.to.high, dial.high)) {
        needle = {between(needle, now), measured, now};
        still_from_ = now + kMs;
      }
      const Places shown = between(needle, now);
      dial.angle = shown.angle;
      dial.low = shown.low;
      dial.high = shown.high;
    }
}

void NeedleMotion::forget() {
  needles_.clear();
  still_from_ = 0;
}

}  // namespace grapevine
