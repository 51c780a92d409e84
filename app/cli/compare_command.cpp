// compare: runs side by side, a column each, or groups over seeds: what differs in their settings, what they
// reached, and what can be said of the difference.
#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "app/cli/command.h"
#include "app/cli/comparison_tables.h"
#include "app/cli/console.h"
#include "app/cli/run_tables.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

std::string plain(const nlohmann::json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Were two of the runs trained on other data, as far as that is known?
bool data_differ(const std::vector<RunData>& runs) {
  std::set<std::string> digests;
  for (const RunData& run : runs)
    if (!run.data_digest.empty()) digests.insert(run.data_digest);
  return digests.size() > 1;
}

std::string results_table(const std::vector<RunData>& runs, const std::vector<nlohmann::json>& results,
                          const std::vector<std::string>& headings) {
  Table table(headings, std::vector<Align>(headings.size(), Align::left));
  const auto row = [&](const std::string& what, const std::function<std::string(std::size_t)>& cell) {
    std::vector<std::string> cells{what};
    for (std::size_t i = 0; i < runs.size(); ++i) cells.push_back(cell(i));
    table.add(std::move(cells));
  };
  row("name", [&](std::size_t i) { return runs[i].name; });
  row("rule", [&](std::size_t i) { return runs[i].rule; });
  row("status", [&](std::size_t i) { return runs[i].status.text(); });
  row("steps", [&](std::size_t i) { return with_thousands(runs[i].step); });
  row("epochs", [&](std::size_t i) { return epoch_text(runs[i].epoch); });
  // One row per score that some run has: a language model next to a network of images has others.
  for (const Phase phase : {Phase::validation, Phase::test})
    for (const MeasureDescriptor* score : scores(phase)) {
      const auto value = [&](std::size_t i, const char* before) {
        return number_at(results[i], before + score->key);
      };
      const auto has = [&](const nlohmann::json& result) {
        return std::isfinite(number_at(result, "final_" + score->key));
      };
      if (std::none_of(results.begin(), results.end(), has)) continue;
      row(score->name, [&](std::size_t i) { return score_text(*score, value(i, "final_")); });
      row("best " + score->name, [&](std::size_t i) { return score_text(*score, value(i, "best_")); });
    }
  for (const Phase phase : {Phase::test, Phase::train}) {
    const std::string loss = key_in(phase, family::loss);
    row(phase == Phase::test ? "test loss" : "train loss",
        [&](std::size_t i) { return fixed(runs[i].last(loss.c_str()), 4); });
  }
  for (const MeasureDescriptor& measure : measures()) {
    if (measure.quantity != Quantity::cosine) continue;
    if (std::none_of(runs.begin(), runs.end(),
                     [&](const RunData& run) { return run.points_of(measure_index(measure.key)) > 0; })) {
      continue;
    }
    row(measure.name, [&](std::size_t i) { return by_point(runs[i], measure.key.c_str()); });
  }
  row("calibrations", [&](std::size_t i) { return results[i].at("calibrations").dump(); });
  row("training time", [&](std::size_t i) { return duration(own_seconds(results[i])); });
  row("threads", [&](std::size_t i) { return runs[i].threads > 0 ? std::to_string(runs[i].threads) : "–"; });
  row("computed by", [&](std::size_t i) { return versions_text(runs[i]); });
  row("data digest",
      [&](std::size_t i) { return runs[i].data_digest.empty() ? "–" : runs[i].data_digest.substr(0, 12); });
  return table.text(2);
}

/// One row per setting, one column per run.
std::string settings_table(const std::vector<SettingDifference>& rows,
                           const std::vector<std::string>& headings) {
  Table settings(headings, std::vector<Align>(headings.size(), Align::left));
  for (const auto& [key, values] : rows) {
    std::vector<std::string> cells{key};
    for (const nlohmann::json& value : values) cells.push_back(plain(value));
    settings.add(std::move(cells));
  }
  return settings.text(2);
}

void print_groups(const Comparison& comparison) {
  print(groups_table(comparison));
  if (const std::string table = differences_table(comparison); !table.empty())
    print("\n" + differences_heading(comparison) + "\n" + table);
  if (const std::string table = gaps_table(comparison); !table.empty())
    print("\nOf the gap between DFA and BP, closed\n" + table);
  if (const std::string notes = notes_of(comparison); !notes.empty()) print("\n" + notes + "\n");
  if (comparison.unfinished > 0)
    print("\n" + with_thousands(comparison.unfinished) + " unfinished " +
          (comparison.unfinished == 1 ? "run was" : "runs were") + " left out.\n");
}

struct CompareOptions {
  std::vector<std::string> ids, group, measures;
  std::string filter;
};

/// --group: a table of groups, of the runs named or of all that are finished.
int compare_groups(const Options& options, const CompareOptions& own, RunReader& reader,
                   ComparisonRequest request) {
  request.keys = parse_run_keys(own.group);
  const Comparison comparison = compare_runs(reader, request);
  if (options.json)
    print_json(comparison_document(comparison));
  else if (comparison.groups.empty())
    print("No finished runs match.\n");
  else
    print_groups(comparison);
  return tell_troubles(reader);
}

bool has_several_a_group(const Comparison& comparison) {
  return std::any_of(comparison.groups.begin(), comparison.groups.end(),
                     [](const RunGroup& group) { return group.runs.size() > 1; });
}

/// Side by side, one column per run.
int compare_side_by_side(const Options& options, RunReader& reader, const ComparisonRequest& request) {
  std::vector<RunData> runs;
  std::vector<nlohmann::json> results;
  std::vector<std::string> experiments, headings{""};
  for (const std::int64_t id : request.ids) {
    runs.push_back(reader.load(id));
    results.push_back(run_result(runs.back()));
    experiments.push_back(runs.back().experiment);
    headings.push_back("run " + std::to_string(id));
  }
  const std::vector<SettingDifference> rows = setting_differences(experiments);
  const Comparison comparison = compare_runs(reader, request);
  if (options.json) {
    nlohmann::json document = comparison_document(comparison);
    document["runs"] = results;
    document["differences"] = nlohmann::json::object();
    for (const auto& [key, values] : rows) document["differences"][key] = values;
    if (data_differ(runs))
      for (const nlohmann::json& result : results)
        document["differences"]["data_digest"].push_back(result["data_digest"]);
    print_json(document);
    return tell_troubles(reader);
  }
  print("Results\n" + results_table(runs, results, headings));
  if (data_differ(runs))
    print("\nThe data are not the same (data digest): these numbers are not of one task.\n");
  if (rows.empty())
    print("\nAll settings are the same.\n");
  else
    print("\nSettings that differ\n" + settings_table(rows, headings));
  if (has_several_a_group(comparison) || !comparison.gaps.empty() || !request.measures.empty()) {
    print("\nGroups of runs that differ in nothing but the seed\n");
    print_groups(comparison);
  }
  return tell_troubles(reader);
}

int run(const Options& options, const CompareOptions& own) {
  if (own.group.empty() && own.ids.size() < 2)
    throw InputError(
        "compare needs at least two runs, or settings to group by: grapevine-cli compare ID ID…, or "
        "grapevine-cli compare --group rule,model");
  if (!own.filter.empty() && !own.ids.empty())
    throw InputError("compare takes runs by their ids or by --filter, not both: leave one out");
  ComparisonRequest request;
  request.measures = parse_run_keys(own.measures);
  request.filter = RunFilter::parse(own.filter);
  const auto reader = need_runs(options);
  for (const std::string& id : own.ids) request.ids.push_back(reader->resolve(id));
  return own.group.empty() ? compare_side_by_side(options, *reader, request)
                           : compare_groups(options, own, *reader, std::move(request));
}

void describe(Usage& usage, CompareOptions& own) {
  add_some_runs(usage, own.ids);
  usage
      .add("--group", &own.group,
           "Put runs together that have the same under these keys, all finished ones where no ID is given: "
           "mean, "
           "standard deviation and N, differences over the same seeds, gap closed")
      .shown_as("KEY,…", Completes::setting);
  usage
      .add("--measures", &own.measures,
           "What is compared, as cos_b_j:mean,test_accuracy:best (last, best or mean)")
      .shown_as("MEASURE,…");
  add_filter(usage, own.filter);
}

}  // namespace

Command compare_command() {
  return make_command<CompareOptions>({"compare", "Compare runs, or groups of them over seeds",
                                       "One column per run: the settings that differ, final and best "
                                       "values, alignment and training time. "
                                       "Runs that differ in nothing but the seed make a group.\n"
                                       "Differences over the same seeds have a 95 % interval by Student's t "
                                       "where there are three seeds or more. Where a group has several "
                                       "runs of a seed, runs are matched that agree in the seed and in all "
                                       "settings but those of the grouping; a seed counts once, with their "
                                       "mean. The "
                                       "gap closed is (value − DFA)/(BP − DFA) of means, between runs that "
                                       "share all settings but the rule's and its "
                                       "learning rate, with an interval by Fieller's theorem; where BP and "
                                       "DFA differ by no more than chance there is "
                                       "no number. --group changes nothing that is stored."},
                                      describe, run);
}

}  // namespace grapevine::cli
