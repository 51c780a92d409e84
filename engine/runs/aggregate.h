// Several runs as one: the mean of their curves at every step, how far they spread, and how many there are.
// Nothing of it is stored. Pure functions; any thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/runs/run_data.h"

namespace grapevine {

/// What lies around a mean: the standard deviation of the sample, the standard error, from least to largest.
enum class Band { deviation, error, range };
inline constexpr Band all_bands[] = {Band::deviation, Band::error, Band::range};
const char* to_text(Band band);

/// At each step that any of them has. Between two samples a curve counts with the straight line between them,
/// beyond its ends not at all, so that runs of different lengths and cadences meet.
struct MeanCurve {
  Series mean, low, high;  ///< the same steps; low = high = mean where one run alone is left
  std::vector<int> count;  ///< seeds that are there
};
/// `seeds`: of each curve; curves of one seed count once, with their mean. Empty: all are different.
MeanCurve mean_curve(std::span<const Series* const> curves, Band band,
                     std::span<const std::int64_t> seeds = {});

/// A group as one run.
struct MeanRun {
  RunData data;  ///< means; id 0, no events
  std::map<SeriesKey, MeanCurve> curves;
  std::vector<RunView> members;
  Band band = Band::deviation;
};
using MeanView = std::shared_ptr<const MeanRun>;
/// Of one run or more; rule, colour and settings are those of the first.
MeanRun mean_run(const std::vector<RunView>& members, Band band);

/// Most at any step; a seed that was trained several times counts once.
int seeds_in(const MeanRun& group);

}  // namespace grapevine
