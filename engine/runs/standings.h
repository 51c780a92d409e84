// A leader board: groups in the order of their means, and how far each is behind the first. Pure; any thread.
#pragma once

#include <optional>
#include <vector>

#include "engine/runs/comparison.h"

namespace grapevine {

struct Standing {
  std::size_t group = 0;
  double mean = 0;
  /// The first's mean − its own on the measure's scale; of the seeds that both have where any do.
  double behind = 0;
  bool paired = false;
  int seeds = 0;                     ///< of the difference
  int matched = 0;                   ///< as GroupDifference::matched
  std::optional<Interval> interval;  ///< 95 % of `behind`; none of fewer than three seeds
  /// By the interval, where there is one: the two may be equally good.
  bool told_apart() const { return interval && !interval->holds(0); }
};

/// Groups that have a value of the measure, the best first; empty for a measure that has no better.
std::vector<Standing> standings(const Comparison& comparison, std::size_t measure);
/// The measure to rank by: of the scores the one that most groups have, validation's before test's where all
/// have it; nullopt where there is none.
std::optional<std::size_t> ranking_measure(const Comparison& comparison);

}  // namespace grapevine
