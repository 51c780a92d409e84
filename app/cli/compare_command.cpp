// compare: runs side by side, a column each: what differs in their settings, and what they reached.
#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/run_tables.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

/// Leaves of a nested document by dotted keys, in the registry's order where it knows them.
void flatten(const nlohmann::json& value, const std::string& key,
             std::vector<std::pair<std::string, nlohmann::json>>& to) {
  if (!value.is_object()) {
    to.emplace_back(key, value);
    return;
  }
  for (const auto& [name, member] : value.items()) flatten(member, key.empty() ? name : key + "." + name, to);
}

/// Rows of a table of settings: key, then a value a run ("" where a rule has no such setting).
std::vector<std::pair<std::string, std::vector<nlohmann::json>>> differences(
    const std::vector<nlohmann::json>& results) {
  std::vector<std::pair<std::string, std::vector<nlohmann::json>>> rows;
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::vector<std::pair<std::string, nlohmann::json>> leaves;
    flatten(results[i].at("experiment"), "", leaves);
    for (const auto& [key, value] : leaves) {
      auto row = std::find_if(rows.begin(), rows.end(),
                              [&key = key](const auto& known) { return known.first == key; });
      if (row == rows.end()) {
        row = rows.insert(rows.end(), {key, std::vector<nlohmann::json>(results.size())});
      }
      row->second[i] = value;
    }
  }
  std::erase_if(rows, [](const auto& row) {
    return std::all_of(row.second.begin(), row.second.end(),
                       [&](const auto& value) { return value == row.second.front(); });
  });
  return rows;
}

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
  row("status", [&](std::size_t i) { return runs[i].status; });
  row("steps", [&](std::size_t i) { return with_thousands(runs[i].step); });
  row("epochs", [&](std::size_t i) { return epoch_text(runs[i].epoch); });
  const MeasureDescriptor* score = &score_of(runs.front());
  if (std::any_of(runs.begin(), runs.end(), [&](const RunData& run) { return &score_of(run) != score; }))
    score = scores(Phase::test).front();
  row(score->name, [&](std::size_t i) { return score_at(results[i], Phase::test, "final_"); });
  row("best " + score->name, [&](std::size_t i) { return score_at(results[i], Phase::test, "best_"); });
  if (const auto held =
          std::find_if(runs.begin(), runs.end(),
                       [](const RunData& run) { return judged_by(run).phase == Phase::validation; });
      held != runs.end()) {
    const MeasureDescriptor& judge = judged_by(*held);
    row(judge.name, [&](std::size_t i) { return score_at(results[i], Phase::validation, "final_"); });
    row("best " + judge.name,
        [&](std::size_t i) { return score_at(results[i], Phase::validation, "best_"); });
  }
  row("test loss", [&](std::size_t i) { return fixed(runs[i].last("test_loss"), 4); });
  row("train loss", [&](std::size_t i) { return fixed(runs[i].last("train_loss"), 4); });
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

struct CompareOptions {
  std::vector<std::string> ids;
};

int run(const Options& options, const CompareOptions& own) {
  if (own.ids.size() < 2) throw InputError("compare needs at least two runs: grapevine-cli compare ID ID…");
  const auto reader = need_runs(options);
  std::vector<RunData> runs;
  std::vector<nlohmann::json> results;
  for (const std::string& name : own.ids) {
    runs.push_back(reader->load(reader->resolve(name)));
    results.push_back(run_result(runs.back()));
  }
  const auto rows = differences(results);
  if (options.json) {
    nlohmann::json differing = nlohmann::json::object();
    for (const auto& [key, values] : rows) differing[key] = values;
    if (data_differ(runs))
      for (const nlohmann::json& result : results) differing["data_digest"].push_back(result["data_digest"]);
    print_json({{"runs", results}, {"differences", differing}});
    return tell_troubles(*reader);
  }
  std::vector<std::string> headings{""};
  for (const RunData& run : runs) headings.push_back("run " + std::to_string(run.id));
  print("Results\n" + results_table(runs, results, headings));
  if (data_differ(runs))
    print("\nThe data are not the same (data digest): these numbers are not of one task.\n");
  if (rows.empty()) {
    print("\nAll settings are the same.\n");
    return tell_troubles(*reader);
  }
  Table settings(headings, std::vector<Align>(headings.size(), Align::left));
  for (const auto& [key, values] : rows) {
    std::vector<std::string> cells{key};
    for (const nlohmann::json& value : values) cells.push_back(plain(value));
    settings.add(std::move(cells));
  }
  print("\nSettings that differ\n" + settings.text(2));
  return tell_troubles(*reader);
}

void describe(Usage& usage, CompareOptions& own) {
  add_runs(usage, own.ids);
}

}  // namespace

Command compare_command() {
  return make_command<CompareOptions>(
      {"compare", "Put runs side by side",
       "A column each: the settings that differ, final and best values, alignment and training time."},
      describe, run);
}

}  // namespace grapevine::cli
