// The learning rate of an epoch. Plain arithmetic.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

#include "engine/training/experiment.h"

namespace grapevine {

/// The factor on optimizer.lr in epoch `epoch` (from 0): constant 1; exponential decay^epoch; multistep
/// decay^(milestones passed); cosine from 1 to 0 over train.epochs; each after `warmup` epochs of linear
/// rise.
inline double schedule_factor(const Experiment& experiment, std::int64_t epoch) {
  const std::string& name = experiment.text("schedule.name");
  const double decay = experiment.number("schedule.decay");
  const double warmup = experiment.number("schedule.warmup");
  if (static_cast<double>(epoch) < warmup) return (static_cast<double>(epoch) + 1) / (warmup + 1);
  if (name == "exponential") return std::pow(decay, static_cast<double>(epoch));
  if (name == "multistep") {
    double factor = 1;
    for (std::int64_t milestone : experiment.integers("schedule.milestones"))
      if (epoch >= milestone) factor *= decay;
    return factor;
  }
  if (name == "cosine") {
    const double share = static_cast<double>(epoch) / static_cast<double>(experiment.integer("train.epochs"));
    return 0.5 * (1 + std::cos(std::numbers::pi * share));
  }
  return 1;
}

}  // namespace grapevine
