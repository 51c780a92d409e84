#include "engine/runs/standings.h"

#include <algorithm>

#include "engine/experiment/registry.h"
#include "engine/runs/matching.h"

namespace grapevine {
namespace {

void hold_against(const Comparison& all, std::size_t first, std::size_t measure, Standing& standing) {
  const RunKey& key = all.measures[measure];
  const std::optional<GroupDifference> difference = difference_between(
      all, first, standing.group, measure, [&](double value) { return on_scale(key, value); });
  if (!difference) return;
  standing.behind = difference->spread.mean;
  standing.seeds = difference->spread.count;
  standing.paired = difference->paired;
  standing.matched = difference->matched;
  standing.interval = difference->interval;
}

}  // namespace

std::optional<std::size_t> ranking_measure(const Comparison& comparison) {
  const auto groups_with = [&](std::size_t measure) {
    return std::count_if(comparison.groups.begin(), comparison.groups.end(),
                         [&](const RunGroup& group) { return group.spreads[measure].count > 0; });
  };
  // The first of those that most groups have: a few runs with validation leave the others their places.
  const auto first_of_most = [&](const auto& fits) {
    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < comparison.measures.size(); ++i)
      if (fits(*find_measure(comparison.measures[i].name)) &&
          (!chosen || groups_with(i) > groups_with(*chosen)))
        chosen = i;
    return chosen;
  };
  const auto score = first_of_most([](const MeasureDescriptor& measure) { return measure.is_score; });
  if (score) return score;
  return first_of_most([](const MeasureDescriptor& measure) { return measure.better != Better::none; });
}

std::vector<Standing> standings(const Comparison& comparison, std::size_t measure) {
  const MeasureDescriptor& what = *find_measure(comparison.measures[measure].name);
  std::vector<Standing> all;
  if (what.better == Better::none) return all;
  for (std::size_t group = 0; group < comparison.groups.size(); ++group) {
    const Spread& spread = comparison.groups[group].spreads[measure];
    if (spread.count == 0) continue;
    Standing standing;
    standing.group = group;
    standing.mean = spread.mean;
    all.push_back(standing);
  }
  std::stable_sort(all.begin(), all.end(), [&](const Standing& one, const Standing& other) {
    return what.is_ahead(one.mean, other.mean);
  });
  for (std::size_t i = 1; i < all.size(); ++i) hold_against(comparison, all.front().group, measure, all[i]);
  return all;
}

}  // namespace grapevine
