// Lines of runs and groups.
#include "app/cli/run_charts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "app/cli/options.h"
#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/runs/colours.h"
#include "engine/runs/group_names.h"
#include "engine/runs/run_labels.h"

namespace grapevine::cli {
namespace {

/// What a legend calls the runs: by the names that were given them where these tell them apart, else by what
/// differs.
std::vector<std::string> legend_of(const std::vector<DrawnGroup>& groups) {
  if (groups.size() == 1) return {label_of_run(*groups.front().runs.front())};
  std::vector<std::string> names;
  std::vector<const RunData*> looked_at;
  for (const DrawnGroup& group : groups) {
    names.push_back(group.runs.front()->name);
    looked_at.push_back(group.runs.front().get());
  }
  const std::set<std::string> different(names.begin(), names.end());
  return different.size() == names.size() && !different.count("") ? names : labels_that_differ(looked_at);
}

/// As the window shows the run on a light ground.
std::uint32_t colour_of(const RunData& run) {
  if (run.colour_chosen) return run.colour;
  const std::optional<RuleHue> hue = rule_hue(hue_family(run.rule));
  return hue ? hue->light : run.colour;
}

/// The mean over all feedback points that were measured at a step, with equal weight.
Series mean_over_points(const RunData& run, int measure) {
  std::map<std::int64_t, std::pair<double, int>> sums;
  std::map<std::int64_t, double> epochs;
  for (int point = 1; point <= run.points_of(measure); ++point) {
    const Series* series = run.find(measure, point);
    for (std::size_t i = 0; series && i < series->size(); ++i) {
      if (!std::isfinite(series->value[i])) continue;
      auto& [sum, count] = sums[series->step[i]];
      sum += series->value[i];
      ++count;
      epochs[series->step[i]] = series->epoch[i];
    }
  }
  Series mean;
  for (const auto& [step, sum] : sums) {
    mean.step.push_back(step);
    mean.epoch.push_back(epochs[step]);
    mean.seconds.push_back(0);
    mean.value.push_back(sum.first / sum.second);
  }
  return mean;
}

Series curve_of(const RunData& run, const MeasureDescriptor& measure) {
  const int index = measure_index(measure.key);
  if (measure.per_point) return mean_over_points(run, index);
  const Series* series = run.find(index, 0);
  return series ? *series : Series{};
}

/// Of white and a colour: what single runs have behind their mean, paler the more there are.
std::uint32_t paler(std::uint32_t colour, std::size_t runs) {
  const double share = runs > 10 ? 0.22 : 0.38;
  std::uint32_t mixed = 0;
  for (const int shift : {16, 8, 0}) {
    const double part = (colour >> shift) & 255U;
    mixed |= static_cast<std::uint32_t>(std::lround(255 + share * (part - 255))) << shift;
  }
  return mixed;
}

/// "N 3", or "N 2–3" where not all of them are there at every step; "N 3 (12 runs)" where a seed has several.
std::string count_words(const std::vector<int>& counts, std::size_t runs) {
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  return "N " + (*least == *most ? "" : std::to_string(*least) + "–") + std::to_string(*most) +
         (runs > static_cast<std::size_t>(*most) ? " (" + std::to_string(runs) + " runs)" : "");
}

/// The runs, thin, then their mean with its band, by the code of the window's figures.
void add_mean(const DrawnGroup& group, const MeasureDescriptor& measure, Band band, Chart& chart) {
  const SeriesKey key(measure_index(measure.key), 0);
  const std::uint32_t colour = colour_of(*group.runs.front());
  std::vector<RunView> members;
  for (const RunView& run : group.runs) {
    const Series curve = curve_of(*run, measure);
    if (curve.value.empty()) continue;
    ChartLine line{"", paler(colour, group.runs.size()), 0, curve.epoch, curve.value, {}, {}, true};
    chart.lines.push_back(std::move(line));
    auto member = std::make_shared<RunData>();
    member->experiment = run->experiment;
    member->series[key] = curve;
    members.push_back(std::move(member));
  }
  if (members.empty()) return;
  const MeanRun mean = mean_run(members, band);
  const auto found = mean.curves.find(key);
  if (found == mean.curves.end() || found->second.count.empty()) return;
  const MeanCurve& curve = found->second;
  chart.lines.push_back({group.name + ", " + count_words(curve.count, members.size()), colour, 0,
                         curve.mean.epoch, curve.mean.value, curve.low.value, curve.high.value});
  chart.note = "Band: " + std::string(band == Band::range ? "" : "mean ± ") + words_of(band);
}

void add_run(const DrawnGroup& group, const MeasureDescriptor& measure, Chart& chart) {
  const RunData& run = *group.runs.front();
  const Series curve = curve_of(run, measure);
  if (!curve.value.empty())
    chart.lines.push_back({group.name, colour_of(run), 0, curve.epoch, curve.value, {}, {}});
}

Chart chart_of(const std::vector<DrawnGroup>& groups, Band band, const MeasureDescriptor& measure) {
  Chart chart{measure.name + (measure.per_point ? ", mean over the layers" : ""),
              "epoch",
              measure.quantity == Quantity::share,
              {},
              ""};
  for (const DrawnGroup& group : groups) {
    const std::size_t before = chart.lines.size();
    if (group.runs.size() > 1)
      add_mean(group, measure, band, chart);
    else
      add_run(group, measure, chart);
    if (chart.lines.size() == before) continue;
    // Lines of one colour are known by the dash.
    ChartLine& last = chart.lines.back();
    for (std::size_t i = 0; i + 1 < chart.lines.size(); ++i)
      if (!chart.lines[i].is_member && chart.lines[i].colour == last.colour)
        last.dash = chart.lines[i].dash + 1;
  }
  return chart;
}

/// What a reader looks for first.
std::vector<const MeasureDescriptor*> usual_measures() {
  std::vector<const MeasureDescriptor*> shown = scores(Phase::validation);
  for (const MeasureDescriptor* score : scores(Phase::test)) shown.push_back(score);
  for (const std::string& key : {key_in(Phase::train, family::loss), std::string(measure_keys::cos_b_j),
                                 needle_measure(Needle::signal).key})
    shown.push_back(find_measure(key));
  return shown;
}

const MeasureDescriptor& measure_called(const std::string& key) {
  if (const MeasureDescriptor* measure = find_measure(key)) return *measure;
  std::vector<std::string> known;
  for (const MeasureDescriptor& measure : measures()) known.push_back(measure.key);
  const std::string near = nearest(key, known);
  throw InputError("'" + key + "' is not a measure" + (near.empty() ? "" : "; did you mean " + near + "?"));
}

}  // namespace

std::string label_of_run(const RunData& run) {
  return "run " + std::to_string(run.id) + (run.name.empty() ? "" : ": " + run.name);
}

std::string words_of(Band band) {
  switch (band) {
    case Band::deviation:
      return "standard deviation";
    case Band::error:
      return "standard error";
    case Band::range:
      return "least to largest";
  }
  return "";
}

std::vector<DrawnGroup> drawn_groups(const std::vector<RunData>& runs, const Comparison& comparison,
                                     bool asked) {
  std::map<std::int64_t, RunView> by_id;
  for (const RunData& run : runs) by_id[run.id] = RunView(std::shared_ptr<const void>(), &run);
  std::vector<DrawnGroup> groups;
  std::set<std::int64_t> known;
  bool any = false;
  for (const RunGroup& group : comparison.groups) {
    const bool as_one = group.runs.size() > 1 && (asked || group.seeds > 1);
    any = any || as_one;
    std::string name = name_of_group(comparison, group);
    for (const ComparedRun& run : group.runs) {
      const RunView& view = by_id.at(run.id);
      known.insert(run.id);
      if (as_one && run.id != group.runs.front().id) {
        groups.back().runs.push_back(view);
        continue;
      }
      const bool one_of_several = !as_one && group.runs.size() > 1;
      groups.push_back({one_of_several ? name + " (run " + std::to_string(run.id) + ")" : name, {view}});
    }
  }
  if (any) {
    for (const RunData& run : runs)  // one that a comparison does not look at is drawn too
      if (known.count(run.id) == 0) groups.push_back({label_of_run(run), {by_id.at(run.id)}});
    return groups;
  }
  groups.clear();  // in the order in which they were named
  for (const RunData& run : runs) groups.push_back({"", {by_id.at(run.id)}});
  const std::vector<std::string> names = legend_of(groups);
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].name = names[i];
  return groups;
}

std::vector<Chart> charts_of(const std::vector<DrawnGroup>& groups, Band band,
                             const std::vector<std::string>& measures) {
  std::vector<const MeasureDescriptor*> shown;
  for (const std::string& key : measures) shown.push_back(&measure_called(key));
  if (shown.empty()) shown = usual_measures();
  std::vector<Chart> charts;
  for (const MeasureDescriptor* measure : shown) {
    Chart chart = chart_of(groups, band, *measure);
    if (!chart.lines.empty())
      charts.push_back(std::move(chart));
    else if (!measures.empty())
      throw InputError("no run that is exported has a value of " + measure->key +
                       ": leave it out of --measures");
  }
  return charts;
}

}  // namespace grapevine::cli
