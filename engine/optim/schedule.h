// The learning rate of an epoch. Plain arithmetic.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "engine/experiment/groups/training_settings.h"

namespace grapevine {

/// noam: linear to 1 at schedule.warmup_steps, then 1/√step (Vaswani et al. 2017, scaled so that the peak is
/// optimizer.lr). `step` from 1.
inline double noam_factor(const ScheduleSettings& settings, std::int64_t step) {
  const double peak = static_cast<double>(settings.warmup_steps), now = static_cast<double>(step);
  return std::min(now / peak, std::sqrt(peak / now));
}

/// plateau, PyTorch's ReduceLROnPlateau with a relative threshold of 1e-4: after more than `patience` epochs
/// without a new best the factor falls by schedule.decay.
struct Plateau {
  double best = 0, factor = 1, standing = 0;  ///< `standing`: epochs since the best
  bool begun = false;

  void note(double loss, double decay, std::int64_t patience) {
    if (!begun || loss < best * (1 - 1e-4)) {
      best = loss;
      begun = true;
      standing = 0;
      return;
    }
    if (++standing <= static_cast<double>(patience)) return;
    factor *= decay;
    standing = 0;
  }
};

/// The factor on optimizer.lr in epoch `epoch` (from 0): constant 1; exponential decay^epoch; multistep
/// decay^(milestones passed); cosine from 1 to 0 over `epochs`; each after `warmup` epochs of linear
/// rise.
inline double schedule_factor(const ScheduleSettings& settings, std::int64_t epoch, std::int64_t epochs) {
  const double now = static_cast<double>(epoch), warmup = static_cast<double>(settings.warmup);
  if (now < warmup) return (now + 1) / (warmup + 1);
  switch (settings.kind) {
    case ScheduleKind::exponential:
      return std::pow(settings.decay, now);
    case ScheduleKind::multistep: {
      double factor = 1;
      for (std::int64_t milestone : settings.milestones)
        if (epoch >= milestone) factor *= settings.decay;
      return factor;
    }
    case ScheduleKind::cosine:
      return 0.5 * (1 + std::cos(std::numbers::pi * (now / static_cast<double>(epochs))));
    default:
      return 1;
  }
}

}  // namespace grapevine
