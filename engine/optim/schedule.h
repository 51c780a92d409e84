// The learning rate of an epoch. Plain arithmetic.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/measure.h"

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

  /// `better`: whether the value is to fall, as a loss, or to rise, as an accuracy.
  void note(double value, double decay, std::int64_t patience, Better better = Better::down) {
    constexpr double threshold = 1e-4;
    const bool is_best =
        better == Better::up ? value > best * (1 + threshold) : value < best * (1 - threshold);
    if (!begun || is_best) {
      best = value;
      begun = true;
      standing = 0;
      return;
    }
    if (++standing <= static_cast<double>(patience)) return;
    factor *= decay;
    standing = 0;
  }
};

/// When a schedule's own clock begins, where schedule.warmup is some epochs of linear rise.
enum class Rise {
  before_schedule,  ///< after them, as in torch's SequentialLR: the schedule is met at its full rate
  within_schedule,  ///< with them, as version 0.1.0 had it: runs that it began keep this
};

/// The factor on optimizer.lr in epoch `epoch` (from 0): (epoch+1)/(warmup+1) while it rises, then at t
/// epochs of the schedule's clock: constant 1; exponential decay^t; multistep decay^(milestones passed);
/// cosine from 1 to 0 over what is left of `epochs`.
inline double schedule_factor(const ScheduleSettings& settings, std::int64_t epoch, std::int64_t epochs,
                              Rise rise = Rise::before_schedule) {
  if (epoch < settings.warmup)
    return static_cast<double>(epoch + 1) / static_cast<double>(settings.warmup + 1);
  const std::int64_t begin = rise == Rise::before_schedule ? settings.warmup : 0, now = epoch - begin;
  switch (settings.kind) {
    case ScheduleKind::exponential:
      return std::pow(settings.decay, static_cast<double>(now));
    case ScheduleKind::multistep: {
      double factor = 1;
      for (std::int64_t milestone : settings.milestones)
        if (now >= milestone) factor *= settings.decay;
      return factor;
    }
    case ScheduleKind::cosine:
      return 0.5 * (1 + std::cos(std::numbers::pi *
                                 (static_cast<double>(now) / static_cast<double>(epochs - begin))));
    case ScheduleKind::constant:
    case ScheduleKind::plateau:  // falls by what it sees (Plateau)
    case ScheduleKind::noam:     // by steps (noam_factor)
      return 1;
  }
  return 1;
}

}  // namespace grapevine
