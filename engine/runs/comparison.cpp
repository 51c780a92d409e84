// Grouping, pairing, gaps.
#include "engine/runs/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/runs/failed_runs.h"
#include "engine/runs/group_index.h"
#include "engine/runs/matching.h"
#include "engine/runs/stored_values.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_paired_groups = 30;

RunKey measure_key(const std::string& measure, Statistic statistic) {
  RunKey key;
  key.kind = RunKey::Kind::measure;
  key.name = measure;
  key.statistic = statistic;
  return key;
}

/// Validation first, each with best and last; the loss that the score comes with.
std::vector<RunKey> usual_measures() {
  std::vector<RunKey> keys;
  for (const Phase phase : {Phase::validation, Phase::test})
    for (const MeasureDescriptor* score : scores(phase))
      for (const Statistic statistic : {Statistic::best, Statistic::last})
        keys.push_back(measure_key(score->key, statistic));
  keys.push_back(measure_key(key_in(Phase::test, family::loss), Statistic::last));
  return keys;
}

const MeasureDescriptor& measure_of(const RunKey& key) {
  return *find_measure(key.name);
}

double number(const RunCell& cell) {
  const auto* held = std::get_if<double>(&cell);
  return held ? *held : std::nan("");
}

const std::string& folder_key() {
  static const std::string key = key_of(&DataSettings::dir);
  return key;
}

/// What differs between the runs' settings, as far as it tells them apart.
std::vector<SettingDifference> telling_differences(const std::vector<RunRow>& rows) {
  std::vector<std::string> experiments, rules;
  for (const RunRow& row : rows) {
    experiments.push_back(row.experiment);
    rules.push_back(row.summary.rule);
  }
  // Published data are the same wherever they lie; one's own are what lies there.
  const bool own_data = std::any_of(rows.begin(), rows.end(), [](const RunRow& row) {
    const DataDescriptor* set = find_data(row.summary.data);
    return !set || set->own;
  });
  std::vector<SettingDifference> all = setting_differences(experiments);
  std::erase_if(all, [&](const SettingDifference& difference) {
    return !difference.tells_apart(rules) || (!own_data && difference.key == folder_key());
  });
  return all;
}

/// The seed, which makes no group, comes last.
std::vector<RunKey> differing_keys(const std::vector<RunRow>& rows) {
  std::vector<RunKey> keys;
  for (const SettingDifference& difference : telling_differences(rows)) {
    try {
      keys.push_back(parse_run_key(difference.key));
    } catch (const InputError&) {
      continue;  // of a program that knew more settings
    }
  }
  std::stable_partition(keys.begin(), keys.end(), [](const RunKey& key) { return key.name != "seed"; });
  return keys;
}

/// Of a group's seeds; the mean of what was trained several times.
using NumberASeed = std::map<std::int64_t, double>;

/// One number per seed: what was trained several times is no further evidence.
NumberASeed by_seed(const RunGroup& group, std::size_t measure, const Scale& scale) {
  std::map<std::int64_t, std::vector<double>> seeds;
  for (const ComparedRun& run : group.runs)
    if (std::isfinite(run.values[measure])) seeds[run.seed].push_back(scale(run.values[measure]));
  NumberASeed numbers;
  for (const auto& [seed, own] : seeds) numbers[seed] = spread_of(own).mean;
  return numbers;
}

double as_it_is(double value) {
  return value;
}

Spread spread_over(const NumberASeed& numbers) {
  std::vector<double> values;
  for (const auto& [seed, number] : numbers) values.push_back(number);
  return spread_of(values);
}

/// Of a setting that differs.
struct ToldApart {
  std::size_t values = 0;
  bool rarely = false;  ///< nearly all runs have the same value
};

std::map<std::string, ToldApart> told_apart(const std::vector<RunRow>& rows) {
  constexpr double nearly_all = 0.8;
  std::vector<std::string> experiments;
  for (const RunRow& row : rows) experiments.push_back(row.experiment);
  std::map<std::string, ToldApart> told;
  for (const SettingDifference& difference : setting_differences(experiments)) {
    std::map<std::string, std::size_t> counts;
    std::size_t all = 0, most = 0;
    for (const Json& value : difference.values)
      if (!value.is_null()) most = std::max(most, ++counts[value.dump()]), ++all;
    told[difference.key] = {
        counts.size(),
        !difference.is_the_rule() && static_cast<double>(most) > nearly_all * static_cast<double>(all)};
  }
  return told;
}

bool same_numbers(const ComparedRun& one, const ComparedRun& other) {
  return std::equal(one.values.begin(), one.values.end(), other.values.begin(),
                    [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

void summarize(RunGroup& group, std::size_t measures) {
  for (std::size_t i = 0; i < measures; ++i)
    group.spreads.push_back(spread_over(by_seed(group, i, as_it_is)));
  group.rule = group.runs.front().rule;
  std::map<std::int64_t, const ComparedRun*> seeds;
  for (const ComparedRun& run : group.runs) {
    if (run.rule != group.rule) group.rule.clear();
    // Trained again, or with what means nothing to it: the same digits.
    if (!same_numbers(*seeds.try_emplace(run.seed, &run).first->second, run)) group.one_a_seed = false;
  }
  group.seeds = seeds.size();
  group.one_a_seed = group.one_a_seed && !group.rule.empty();
}

/// The setting that a column shows too: rule.name of rule.
bool shows(const RunKey& key, const std::string& setting) {
  return key.name == setting || (key.kind == RunKey::Kind::column && key.name + ".name" == setting);
}

/// Fills in what runs are matched by, where the seed alone does not do.
void note_other_settings(Comparison& all, const std::vector<RunRow>& rows) {
  if (all.groups.size() < 2 || std::all_of(all.groups.begin(), all.groups.end(), [](const RunGroup& group) {
        return group.one_a_seed && group.conditions.size() < 2;
      }))
    return;
  std::map<std::int64_t, ComparedRun*> runs;
  for (RunGroup& group : all.groups)
    for (ComparedRun& run : group.runs) runs[run.id] = &run;
  for (const SettingDifference& difference : telling_differences(rows)) {
    if (difference.is_the_seed() || std::any_of(all.keys.begin(), all.keys.end(), [&](const RunKey& key) {
          return shows(key, difference.key);
        }))
      continue;
    all.others.push_back(difference.key);
    std::map<Json, int> numbers;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto run = runs.find(rows[i].summary.id);
      if (run == runs.end()) continue;
      const Json& value = difference.values[i];
      run->second->others.push_back(
          value.is_null() ? nothing_of_it
                          : numbers.try_emplace(value, static_cast<int>(numbers.size())).first->second);
    }
  }
}

void add_differences(Comparison& all) {
  if (all.groups.size() < 2) return;
  if (all.groups.size() > most_paired_groups) {
    all.no_differences = "No differences of groups: there are more than " +
                         std::to_string(most_paired_groups) + ". Filter, or group by fewer settings.";
    return;
  }
  for (std::size_t first = 1; first < all.groups.size(); ++first) {
    for (std::size_t second = 0; second < first; ++second) {
      for (std::size_t measure = 0; measure < all.measures.size(); ++measure) {
        std::optional<GroupDifference> one = difference_between(all, first, second, measure, as_it_is);
        if (!one || (!one->paired && !one->interval)) continue;  // of one seed each, and not the same
        one->first = first;
        one->second = second;
        one->measure = measure;
        all.differences.push_back(*one);
      }
    }
  }
  if (all.differences.empty())
    all.no_differences = "No differences of groups: no two have runs of the same seed and settings.";
}

/// Are all runs of `group` fit references for all of `to`?
bool allows_all(const RunGroup& group, const RunGroup& to) {
  return std::all_of(group.conditions.begin(), group.conditions.end(), [&](const RunConditions& own) {
    return std::all_of(to.conditions.begin(), to.conditions.end(),
                       [&](const RunConditions& other) { return own.allow(group.rule, other); });
  });
}

/// Has every run of `to` one there that is?
bool covers(const RunGroup& group, const RunGroup& to) {
  return std::all_of(to.conditions.begin(), to.conditions.end(), [&](const RunConditions& other) {
    return std::any_of(group.conditions.begin(), group.conditions.end(),
                       [&](const RunConditions& own) { return own.allow(group.rule, other); });
  });
}

/// The group of a rule under the conditions of `to`: the only one, or of several the only baseline; else the
/// only one that has all its conditions and others; the number of groups where none can be named.
std::size_t reference(const Comparison& all, const char* rule, const RunGroup& to) {
  const auto only = [&](const auto& fits) {
    std::vector<std::size_t> found, baselines;
    for (std::size_t i = 0; i < all.groups.size(); ++i) {
      if (all.groups[i].rule != rule || !fits(all.groups[i], to)) continue;
      found.push_back(i);
      if (all.groups[i].is_baseline) baselines.push_back(i);
    }
    if (baselines.size() == 1) return baselines.front();
    return found.size() == 1 ? found.front() : all.groups.size();
  };
  const std::size_t exact = only(allows_all);
  return exact < all.groups.size() ? exact : only(covers);
}

/// Of each seed the three numbers; runs with several settings are matched where references are not fit for
/// all.
std::vector<Triple> triples(const Comparison& all, GapClosed& gap, bool all_fit) {
  const RunKey& key = all.measures[gap.measure];
  const Scale scale = [&](double value) { return on_scale(key, value); };
  std::vector<Triple> seeds;
  for (const Agree agree : {Agree::all_settings, Agree::all_but_rule_and_rate}) {
    const Matching matching = match(all, {gap.group, gap.dfa, gap.bp}, gap.measure, scale, agree, all_fit);
    gap.matched = matching.matched;
    for (const std::vector<double>& seed : matching.seeds) seeds.push_back({seed[0], seed[1], seed[2]});
    if (!seeds.empty()) break;
  }
  return seeds;
}

/// What stands against a number: "" where BP and DFA differ by more than chance. With three seeds their
/// interval says so, with fewer the error that a fraction of so many tests has.
std::string objection(const MeasureDescriptor& measure, double high, double low,
                      const std::optional<Interval>& interval, int seeds, std::int64_t tests) {
  if (!interval && (measure.quantity != Quantity::share || tests <= 0))
    return "fewer than three seeds: whether BP and DFA differ is not known";
  const bool differ =
      interval ? !interval->holds(0)
               : std::abs(high - low) > fraction_error(high, low, static_cast<double>(tests) * seeds);
  if (!differ) return "BP and DFA don't differ";
  return (measure.better == Better::up ? high < low : high > low) ? "BP is behind DFA" : "";
}

/// Fills in number and interval, or the words why there are none. False where nothing can be held against
/// each other.
bool settle(const Comparison& all, GapClosed& gap) {
  const RunKey& key = all.measures[gap.measure];
  const MeasureDescriptor& measure = measure_of(key);
  const RunGroup &one = all.groups[gap.group], &high_group = all.groups[gap.bp];
  const bool all_fit = allows_all(high_group, one) && allows_all(all.groups[gap.dfa], one);
  const std::vector<Triple> seeds = triples(all, gap, all_fit);
  if (seeds.empty() && !all_fit) return false;  // means of unlike settings
  const Spread value = spread_on_scale(all.groups[gap.group], key, gap.measure),
               bp = spread_on_scale(all.groups[gap.bp], key, gap.measure),
               dfa = spread_on_scale(all.groups[gap.dfa], key, gap.measure);
  gap.paired = !seeds.empty();
  gap.seeds = gap.paired ? static_cast<int>(seeds.size()) : std::min({value.count, bp.count, dfa.count});
  Ratio ratio;
  double high = bp.mean, low = dfa.mean;
  std::optional<Interval> between;
  if (gap.paired) {
    std::vector<Pair> references;
    std::vector<double> highs, lows;
    for (const Triple& seed : seeds) {
      references.emplace_back(seed.high, seed.low);
      highs.push_back(seed.high);
      lows.push_back(seed.low);
    }
    high = spread_of(highs).mean;
    low = spread_of(lows).mean;
    between = interval_of_mean(differences_of(references));
    ratio = closed_of_paired(seeds);
  } else {
    between = interval_of_difference(bp, dfa);
    ratio = closed_of_separate(value, dfa, bp);
  }
  const std::int64_t tests = measure.phase == Phase::test ? all.groups[gap.bp].conditions.front().tests : 0;
  gap.words = objection(measure, high, low, between, gap.seeds, tests);
  if (!gap.words.empty()) return true;
  gap.value = ratio.value;
  gap.interval = ratio.interval;
  return true;
}

void explain_no_gaps(Comparison& all) {
  const auto is_there = [&](const auto& fits) {
    return std::any_of(all.groups.begin(), all.groups.end(), fits);
  };
  const auto is_of = [](const char* rule) {
    return [rule](const RunGroup& one) { return one.rule == rule; };
  };
  const bool another = is_there([](const RunGroup& one) {
    return !one.rule.empty() && one.rule != rule_keys::bp && one.rule != rule_keys::dfa;
  });
  const bool a_score = std::any_of(all.measures.begin(), all.measures.end(),
                                   [](const RunKey& key) { return measure_of(key).is_score; });
  if (all.gaps.empty() && another && a_score && is_there(is_of(rule_keys::bp)) &&
      is_there(is_of(rule_keys::dfa)))
    all.no_gaps =
        "No gap closed: no groups of BP and DFA share all settings but the rule's and its learning rate with "
        "another group.";
}

void add_gaps(Comparison& all) {
  for (std::size_t group = 0; group < all.groups.size(); ++group) {
    const RunGroup& one = all.groups[group];
    if (one.rule.empty() || one.rule == rule_keys::bp || one.rule == rule_keys::dfa) continue;
    GapClosed gap;
    gap.group = group;
    gap.bp = reference(all, rule_keys::bp, one);
    gap.dfa = reference(all, rule_keys::dfa, one);
    if (gap.bp == all.groups.size() || gap.dfa == all.groups.size()) continue;
    for (std::size_t measure = 0; measure < all.measures.size(); ++measure) {
      if (!measure_of(all.measures[measure]).is_score) continue;
      const auto has = [&](std::size_t which) { return all.groups[which].spreads[measure].count > 0; };
      if (!has(group) || !has(gap.bp) || !has(gap.dfa)) continue;
      gap.measure = measure;
      GapClosed settled = gap;
      if (settle(all, settled)) all.gaps.push_back(std::move(settled));
    }
  }
  explain_no_gaps(all);
}

/// The usual measures that no run has are left out; those that somebody asked for stay.
void drop_empty_measures(Comparison& all) {
  for (std::size_t i = all.measures.size(); i-- > 0;) {
    if (std::any_of(all.groups.begin(), all.groups.end(),
                    [&](const RunGroup& group) { return group.spreads[i].count > 0; }))
      continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    all.measures.erase(all.measures.begin() + at);
    for (RunGroup& group : all.groups) {
      group.spreads.erase(group.spreads.begin() + at);
      for (ComparedRun& run : group.runs) run.values.erase(run.values.begin() + at);
    }
  }
}

std::vector<RunRow> rows_of(RunReader& reader, const ComparisonRequest& request,
                            const std::vector<RunKey>& columns) {
  RunSelection selection;
  selection.filter = request.filter;
  selection.only = request.ids;
  selection.columns = columns;
  selection.experiments = true;
  return reader.rows(selection);
}

void add_to_group(const Comparison& all, GroupIndex& groups, const RunRow& row) {
  const auto after_keys = row.cells.begin() + static_cast<std::ptrdiff_t>(all.keys.size());
  std::vector<RunCell> settings(row.cells.begin(), after_keys);
  blank_what_does_not_count(all.keys, row, settings);  // it makes no group of its own
  const auto [group, is_new] = groups.of(settings);
  if (is_new) {
    group.model = row.summary.model;
    group.data = row.summary.data;
  }
  if (group.model != row.summary.model) group.model.clear();
  if (group.data != row.summary.data) group.data.clear();
  group.is_baseline = group.is_baseline || row.summary.baseline;
  ComparedRun run{row.summary.id,   row.summary.seed,          row.summary.name,
                  row.summary.rule, row.summary.status.text(), {}};
  for (auto cell = after_keys; cell != row.cells.end(); ++cell) run.values.push_back(number(*cell));
  group.runs.push_back(std::move(run));
  const RunConditions conditions = conditions_of(row.experiment);
  const auto same = [&](const RunConditions& known) { return known.settings == conditions.settings; };
  if (std::none_of(group.conditions.begin(), group.conditions.end(), same))
    group.conditions.push_back(conditions);
}

/// All runs that make the groups.
ComparisonRequest with_failed(ComparisonRequest request) {
  request.ids.insert(request.ids.end(), request.failed.begin(), request.failed.end());
  return request;
}

}  // namespace

double on_scale(const RunKey& measure, double value) {
  return measure_of(measure).quantity == Quantity::perplexity ? std::log(value) : value;
}

Spread spread_on(const RunGroup& group, std::size_t measure, const Scale& scale) {
  return spread_over(by_seed(group, measure, scale));
}

Spread spread_on_scale(const RunGroup& group, const RunKey& key, std::size_t measure) {
  return spread_on(group, measure, [&](double value) { return on_scale(key, value); });
}

std::vector<RunKey> differing_keys(RunReader& reader, const std::vector<std::int64_t>& ids) {
  if (ids.size() < 2) return {};
  ComparisonRequest request;
  request.ids = ids;
  const std::vector<RunRow> rows = rows_of(reader, request, {});
  std::vector<RunKey> keys = differing_keys(rows);
  // In a line that may be cut the end says least.
  const std::map<std::string, ToldApart> told = told_apart(rows);
  const auto order = [&](const RunKey& key) {
    const auto found = told.find(key.name);
    const ToldApart own = found == told.end() ? ToldApart{} : found->second;
    const int part = own.rarely ? 2 : key.name == "seed" ? 1 : 0;
    return std::pair{part, -static_cast<int>(own.values)};
  };
  std::stable_sort(keys.begin(), keys.end(),
                   [&](const RunKey& one, const RunKey& other) { return order(one) < order(other); });
  return keys;
}

void blank_what_does_not_count(const std::vector<RunKey>& keys, const RunRow& row,
                               std::vector<RunCell>& cells) {
  std::optional<Json> experiment;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].kind != RunKey::Kind::setting || deciding_choice(keys[i].name, row.summary.rule).empty())
      continue;
    if (!experiment) experiment = parse_stored_json(row.experiment);
    if (!counts_in(keys[i].name, row.summary.rule, *experiment)) cells[i] = RunCell();
  }
}

Comparison compare_runs(RunReader& reader, const ComparisonRequest& request) {
  for (const RunKey& key : request.measures)
    if (key.kind != RunKey::Kind::measure)
      throw InputError("'" + key.text() +
                       "' is not a measure: --measures takes test_accuracy:best, cos_b_j:mean …");
  Comparison all;
  all.keys = request.keys;
  all.measures = request.measures.empty() ? usual_measures() : request.measures;
  if (all.keys.empty()) {
    all.keys = differing_keys(rows_of(reader, with_failed(request), {}));
    std::erase_if(all.keys, [](const RunKey& key) { return key.name == "seed"; });
  }
  std::vector<RunKey> columns = all.keys;
  columns.insert(columns.end(), all.measures.begin(), all.measures.end());
  const bool only_failed = request.ids.empty() && !request.failed.empty();
  const std::vector<RunRow> rows = only_failed ? std::vector<RunRow>() : rows_of(reader, request, columns);
  GroupIndex groups(all.groups);
  for (const RunRow& row : rows) {
    interruption_point();
    // A run that was named is wanted, whatever became of it.
    if (request.ids.empty() && row.summary.status != RunStatus::finished)
      ++all.unfinished;
    else
      add_to_group(all, groups, row);
  }
  for (RunGroup& group : all.groups) summarize(group, all.measures.size());
  if (request.measures.empty()) drop_empty_measures(all);
  note_other_settings(all, rows);
  add_differences(all);
  add_gaps(all);
  add_failed_runs(all, reader, request.failed);
  return all;
}

}  // namespace grapevine
