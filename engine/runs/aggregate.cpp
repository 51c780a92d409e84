// Means over runs, step by step.
#include "engine/runs/aggregate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "engine/experiment/groups/run_settings.h"
#include "engine/runs/statistics.h"
#include "engine/runs/stored_settings.h"

namespace grapevine {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// One curve read from left to right.
class Walk {
 public:
  explicit Walk(const Series& series) : series_(&series) {}

  struct Place {
    double value = nothing, epoch = 0, seconds = 0;
  };
  /// `step` never decreases from call to call. A value that is not a number is none.
  Place at(std::int64_t step) {
    const std::vector<std::int64_t>& steps = series_->step;
    while (next_ < steps.size() && steps[next_] < step) ++next_;
    if (next_ == steps.size()) return {};
    if (steps[next_] == step) return sample(next_);
    if (next_ == 0) return {};
    const Place before = sample(next_ - 1), after = sample(next_);
    const double share =
        static_cast<double>(step - steps[next_ - 1]) / static_cast<double>(steps[next_] - steps[next_ - 1]);
    const auto between = [&](double a, double b) { return a + share * (b - a); };
    return {between(before.value, after.value), between(before.epoch, after.epoch),
            between(before.seconds, after.seconds)};
  }

 private:
  Place sample(std::size_t i) const {
    const double value = series_->value[i];
    return {std::isfinite(value) ? value : nothing, series_->epoch[i], series_->seconds[i]};
  }

  const Series* series_;
  std::size_t next_ = 0;
};

std::vector<std::int64_t> all_steps(std::span<const Series* const> curves) {
  std::vector<std::int64_t> steps = curves.front()->step;
  for (const Series* curve : curves.subspan(1)) {
    if (curve->step == steps) continue;
    std::vector<std::int64_t> both;
    std::set_union(steps.begin(), steps.end(), curve->step.begin(), curve->step.end(),
                   std::back_inserter(both));
    steps = std::move(both);
  }
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

Interval around(const std::vector<double>& values, const Spread& spread, Band band) {
  if (values.size() < 2) return {spread.mean, spread.mean};
  if (band == Band::range) {
    const auto [least, largest] = std::minmax_element(values.begin(), values.end());
    return {*least, *largest};
  }
  const double reach = band == Band::deviation
                           ? spread.deviation
                           : spread.deviation / std::sqrt(static_cast<double>(values.size()));
  return {spread.mean - reach, spread.mean + reach};
}

/// Where each of `count` curves is added up: those of one seed in one place.
std::vector<std::size_t> places(std::size_t count, std::span<const std::int64_t> seeds) {
  std::vector<std::size_t> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    all[i] = i;
    for (std::size_t j = 0; j < i && !seeds.empty() && all[i] == i; ++j)
      if (seeds[j] == seeds[i]) all[i] = j;
  }
  return all;
}

void append(Series& series, std::int64_t step, double epoch, double seconds, double value) {
  series.step.push_back(step);
  series.epoch.push_back(epoch);
  series.seconds.push_back(seconds);
  series.value.push_back(value);
}

}  // namespace

const char* to_text(Band band) {
  switch (band) {
    case Band::deviation:
      return "deviation";
    case Band::error:
      return "error";
    case Band::range:
      return "range";
  }
  return "";
}

MeanCurve mean_curve(std::span<const Series* const> curves, Band band, std::span<const std::int64_t> seeds) {
  MeanCurve result;
  if (curves.empty()) return result;
  std::vector<Walk> walks;
  for (const Series* curve : curves) walks.emplace_back(*curve);
  const std::vector<std::size_t> place_of = places(curves.size(), seeds);
  std::vector<double> sums, values;
  std::vector<int> runs;
  for (const std::int64_t step : all_steps(curves)) {
    sums.assign(curves.size(), 0);
    runs.assign(curves.size(), 0);
    values.clear();
    double epoch = 0, seconds = 0, count = 0;
    for (std::size_t i = 0; i < walks.size(); ++i) {
      const Walk::Place place = walks[i].at(step);
      if (std::isnan(place.value)) continue;
      sums[place_of[i]] += place.value;
      ++runs[place_of[i]];
      epoch += place.epoch;
      seconds += place.seconds;
      ++count;
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
      if (runs[i] > 0) values.push_back(sums[i] / runs[i]);
    if (values.empty()) continue;
    const Spread spread = spread_of(values);
    const Interval band_here = around(values, spread, band);
    append(result.mean, step, epoch / count, seconds / count, spread.mean);
    append(result.low, step, epoch / count, seconds / count, band_here.low);
    append(result.high, step, epoch / count, seconds / count, band_here.high);
    result.count.push_back(spread.count);
  }
  return result;
}

namespace {

/// Of each run; one that is not known is nobody else's.
std::vector<std::int64_t> seeds_of(const std::vector<RunView>& runs) {
  std::vector<std::int64_t> seeds;
  for (const RunView& run : runs) {
    const std::optional<std::int64_t> stored = StoredSettings::of(run->experiment).given(&RunSettings::seed);
    seeds.push_back(stored.value_or(-1 - static_cast<std::int64_t>(seeds.size())));
  }
  return seeds;
}

/// Of a measure of layers: the mean over the feedback points that were measured at a step.
Series over_points(const RunData& run, int measure) {
  std::map<std::int64_t, std::pair<Walk::Place, int>> sums;
  for (int point = 1; point <= run.points_of(measure); ++point) {
    const Series* series = run.find(measure, point);
    for (std::size_t i = 0; series && i < series->size(); ++i) {
      if (!std::isfinite(series->value[i])) continue;
      auto& [place, count] =
          sums.try_emplace(series->step[i], Walk::Place{0, series->epoch[i], series->seconds[i]}, 0)
              .first->second;
      place.value += series->value[i];
      ++count;
    }
  }
  Series mean;
  for (const auto& [step, sum] : sums)
    append(mean, step, sum.first.epoch, sum.first.seconds, sum.first.value / sum.second);
  return mean;
}

/// Of the members' curves that there are, and their seeds.
MeanCurve mean_of(const std::vector<const Series*>& members, Band band,
                  const std::vector<std::int64_t>& all_seeds) {
  std::vector<const Series*> curves;
  std::vector<std::int64_t> seeds;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!members[i] || members[i]->size() == 0) continue;
    curves.push_back(members[i]);
    seeds.push_back(all_seeds[i]);
  }
  return mean_curve(curves, band, seeds);
}

}  // namespace

MeanRun mean_run(const std::vector<RunView>& members, Band band) {
  MeanRun mean;
  mean.members = members;
  mean.band = band;
  if (members.empty()) return mean;
  RunData& data = mean.data;
  const RunData& first = *members.front();
  data.rule = first.rule;
  data.status = first.status;
  data.experiment = first.experiment;
  data.colour = first.colour;
  data.colour_chosen = first.colour_chosen;
  data.revision = 1;
  std::set<SeriesKey> keys;
  for (const RunView& run : members) {
    data.uuid += (data.uuid.empty() ? "mean:" : "+") + run->uuid;
    data.step = std::max(data.step, run->step);
    data.epoch = std::max(data.epoch, run->epoch);
    data.seconds = std::max(data.seconds, run->seconds);
    for (const auto& [key, series] : run->series) keys.insert(key);
  }
  const std::vector<std::int64_t> all_seeds = seeds_of(members);
  std::set<int> of_layers;
  for (const SeriesKey& key : keys) {
    std::vector<const Series*> curves;
    for (const RunView& run : members) curves.push_back(run->find(key.first, key.second));
    if (std::none_of(curves.begin(), curves.end(), [](const Series* one) { return one && one->size() > 0; }))
      continue;
    MeanCurve curve = mean_of(curves, band, all_seeds);
    if (key.second > 0) of_layers.insert(key.first);
    data.series[key] = curve.mean;
    mean.curves[key] = std::move(curve);
  }
  // How far the mean over the layers spreads does not follow from how far each of them does.
  for (const int measure : of_layers) {
    std::vector<Series> own;
    std::vector<const Series*> curves;
    for (const RunView& run : members) own.push_back(over_points(*run, measure));
    for (const Series& series : own) curves.push_back(&series);
    if (keys.count({measure, 0}) == 0) mean.curves[{measure, 0}] = mean_of(curves, band, all_seeds);
  }
  return mean;
}

int seeds_in(const MeanRun& group) {
  int most = 0;
  for (const auto& [key, curve] : group.curves)
    for (const int count : curve.count) most = std::max(most, count);
  return most;
}

}  // namespace grapevine
