// Which runs of several groups are held against each other: one rule for differences, leader board and gap
// closed, in the window, in the terminal and in the report. Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "engine/runs/comparison.h"

namespace grapevine {

/// The unit is the seed: however many settings were trained with it, it counts once. Where each group has one
/// number of a seed, the seed alone makes a pair. Else runs are matched that agree in the seed and in all
/// settings but those of the grouping and those that mean nothing to one of the groups; a seed's number is
/// the mean of its matched runs, and what has no partner is left out.
struct Matching {
  std::vector<std::vector<double>> seeds;  ///< of each seed that all have, one number per group
  int matched =
      0;  ///< tuples of runs that are behind the seeds; the seeds themselves where these alone match
};

/// What need not agree.
enum class Agree { all_settings, all_but_rule_and_rate };
/// A value as it is, or on the scale of its measure.
using Scale = std::function<double(double)>;

/// `by_seed_alone`: may the seed alone make a pair, where each group has one number of it?
Matching match(const Comparison& all, const std::vector<std::size_t>& groups, std::size_t measure,
               const Scale& scale, Agree agree = Agree::all_settings, bool by_seed_alone = true);

/// first − second over the seeds that both have, or of their means where nothing matches; nullopt where one
/// has no value.
std::optional<GroupDifference> difference_between(const Comparison& all, std::size_t first,
                                                  std::size_t second, std::size_t measure,
                                                  const Scale& scale);

}  // namespace grapevine
