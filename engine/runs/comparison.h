// Stored runs compared: groups over seeds, their differences, and how much of the gap between
// DFA and BP each closes. A group is a view: nothing of it is stored. Values; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/run_conditions.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/setting_differences.h"
#include "engine/runs/statistics.h"

namespace grapevine {

struct ComparedRun {
  std::int64_t id = 0, seed = 0;
  std::string name, rule, status;
  std::vector<double> values;    ///< of Comparison::measures, NaN where it has none
  std::vector<int> others = {};  ///< of Comparison::others: equal numbers for equal values; nothing_of_it
};
/// The number of a setting that means nothing to the run, as momentum with Adam.
inline constexpr int nothing_of_it = -1;

struct FailedRun {
  std::int64_t id = 0, seed = 0;
  std::string why;
};

/// Runs that have the same under each of Comparison::keys.
struct RunGroup {
  std::vector<RunCell> settings;
  std::vector<ComparedRun> runs;
  std::vector<Spread> spreads;  ///< of each measure, over the seeds that have it
  std::size_t seeds = 0;        ///< a seed that was trained several times counts once, with the mean
  bool is_baseline = false;     ///< a run of it is one: it goes before others that would do as well
  /// One rule, and of each seed the same numbers however often it was trained: only then a seed's number can
  /// be compared with another group's.
  bool one_a_seed = true;
  std::string rule;                       ///< "" where there are several
  std::vector<RunConditions> conditions;  ///< of its runs, each once
  std::string model, data;                ///< keys; "" where there are several
  std::vector<FailedRun> failed;          ///< of those asked for as such: no number counts them
};

/// first − second over the seeds that both have (matching.h), or of their means.
struct GroupDifference {
  std::size_t first = 0, second = 0;  ///< groups
  std::size_t measure = 0;
  Spread spread;                     ///< over seeds; without a deviation where nothing is paired
  std::optional<Interval> interval;  ///< 95 %; none of fewer than three seeds
  bool paired = true;
  int matched = 0;  ///< pairs of runs behind the paired seeds; more than those where settings are matched too
};

/// (value − DFA)/(BP − DFA), of perplexities on the logarithm's scale.
struct GapClosed {
  std::size_t group = 0, bp = 0, dfa = 0;
  std::size_t measure = 0;
  bool paired = false;  ///< over the seeds that all three have (matching.h); else of the groups' means
  int seeds = 0;        ///< of the smallest sample
  int matched = 0;      ///< as GroupDifference::matched
  std::string words;    ///< why there is no number; "" where there is one
  double value = std::numeric_limits<double>::quiet_NaN();
  std::optional<Interval> interval;  ///< 95 %, by Fieller's theorem
};

struct Comparison {
  std::vector<RunKey> keys;
  std::vector<RunKey> measures;
  std::vector<RunGroup> groups;
  /// Settings beside the keys and the seed in which the runs differ; empty where none is needed to match
  /// runs.
  std::vector<std::string> others;
  std::vector<GroupDifference> differences;
  std::string no_differences;  ///< why there are none between two groups or more
  std::vector<GapClosed> gaps;
  std::string no_gaps;          ///< why none of the groups has one, though BP and DFA are there
  std::int64_t unfinished = 0;  ///< runs left out because they did not reach their end
};

struct ComparisonRequest {
  std::vector<std::int64_t> ids;  ///< empty: all finished runs that fit the filter
  /// Runs without a result that are to be told of in their groups; without others in `ids` they are all.
  std::vector<std::int64_t> failed;
  RunFilter filter;
  std::vector<RunKey> keys;      ///< what makes a group; empty: all that differs but for the seed
  std::vector<RunKey> measures;  ///< empty: scores and loss, validation's where there is one first
};
Comparison compare_runs(RunReader& reader, const ComparisonRequest& request);

/// The settings in which stored runs differ where they have them, but for the machine's and the name: what
/// tells one from another, the setting with the most values first. Then the seed, and behind it what nearly
/// all runs have alike.
std::vector<RunKey> differing_keys(RunReader& reader, const std::vector<std::int64_t>& ids);
/// Empties the cells, one per key, of settings that mean nothing to the run, as momentum with Adam. `row`:
/// with its experiment.
void blank_what_does_not_count(const std::vector<RunKey>& keys, const RunRow& row,
                               std::vector<RunCell>& cells);

/// Over a group's seeds, a number each, on a scale.
Spread spread_on(const RunGroup& group, std::size_t measure, const std::function<double(double)>& scale);
/// Over a group's seeds, a number each, on the scale on which differences are taken.
Spread spread_on_scale(const RunGroup& group, const RunKey& key, std::size_t measure);
/// Scale on which gaps and differences of a measure are taken: perplexities as losses.
double on_scale(const RunKey& measure, double value);

}  // namespace grapevine
