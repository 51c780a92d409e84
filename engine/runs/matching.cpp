// Runs matched by seed and settings.
#include "engine/runs/matching.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

using Groups = std::vector<const RunGroup*>;

bool means_something(const RunGroup& group, std::size_t setting) {
  return std::any_of(group.runs.begin(), group.runs.end(), [&](const ComparedRun& run) {
    return setting < run.others.size() && run.others[setting] != nothing_of_it;
  });
}

bool need_not_agree(const std::string& key) {
  static const std::string rate = key_of(&OptimizerSettings::lr);
  return key.starts_with(rule_group) || key == rate;
}

/// Of Comparison::others.
std::vector<std::size_t> settings_to_agree_in(const Comparison& all, const Groups& groups, Agree agree) {
  std::vector<std::size_t> settings;
  for (std::size_t i = 0; i < all.others.size(); ++i) {
    if (agree == Agree::all_but_rule_and_rate && need_not_agree(all.others[i])) continue;
    if (std::all_of(groups.begin(), groups.end(),
                    [&](const RunGroup* group) { return means_something(*group, i); }))
      settings.push_back(i);
  }
  return settings;
}

/// Numbers of runs that agree, of each group.
using Place = std::vector<std::vector<double>>;
using Places = std::map<std::int64_t, std::map<std::vector<int>, Place>>;  ///< by seed, then by settings

Places places_of(const Groups& groups, std::size_t measure, const Scale& scale,
                 const std::vector<std::size_t>& settings) {
  Places places;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (const ComparedRun& run : groups[group]->runs) {
      if (!std::isfinite(run.values[measure])) continue;
      std::vector<int> where;
      for (const std::size_t setting : settings) where.push_back(run.others[setting]);
      Place& place = places[run.seed][where];
      place.resize(groups.size());
      place[group].push_back(scale(run.values[measure]));
    }
  }
  return places;
}

bool all_there(const Place& place) {
  return std::none_of(place.begin(), place.end(), [](const auto& numbers) { return numbers.empty(); });
}

}  // namespace

Matching match(const Comparison& all, const std::vector<std::size_t>& which, std::size_t measure,
               const Scale& scale, Agree agree, bool by_seed_alone) {
  Groups groups;
  for (const std::size_t group : which) groups.push_back(&all.groups[group]);
  const bool one_number =
      std::all_of(groups.begin(), groups.end(), [](const RunGroup* group) { return group->one_a_seed; });
  std::vector<std::size_t> settings;
  if (!one_number || !by_seed_alone) settings = settings_to_agree_in(all, groups, agree);
  Matching matching;
  for (const auto& [seed, places] : places_of(groups, measure, scale, settings)) {
    std::vector<std::vector<double>> means(groups.size());
    for (const auto& [where, place] : places) {
      if (!all_there(place)) continue;
      for (std::size_t i = 0; i < groups.size(); ++i) means[i].push_back(spread_of(place[i]).mean);
    }
    if (means.front().empty()) continue;
    matching.matched += static_cast<int>(means.front().size());
    std::vector<double>& row = matching.seeds.emplace_back();
    for (const auto& own : means) row.push_back(spread_of(own).mean);
  }
  return matching;
}

std::optional<GroupDifference> difference_between(const Comparison& all, std::size_t first,
                                                  std::size_t second, std::size_t measure,
                                                  const Scale& scale) {
  GroupDifference difference;
  const Matching matching = match(all, {first, second}, measure, scale);
  if (!matching.seeds.empty()) {
    std::vector<Pair> pairs;
    for (const std::vector<double>& seed : matching.seeds) pairs.emplace_back(seed[0], seed[1]);
    difference.spread = differences_of(pairs);
    difference.interval = interval_of_mean(difference.spread);
    difference.matched = matching.matched;
    return difference;
  }
  const Spread one = spread_on(all.groups[first], measure, scale),
               other = spread_on(all.groups[second], measure, scale);
  if (one.count == 0 || other.count == 0) return std::nullopt;
  difference.paired = false;
  difference.spread.mean = one.mean - other.mean;
  difference.spread.count = std::min(one.count, other.count);
  difference.interval = interval_of_difference(one, other);
  return difference;
}

}  // namespace grapevine
