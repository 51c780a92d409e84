// A page in sections; every text of a run is escaped.
#include "app/cli/html_report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "app/cli/comparison_tables.h"
#include "app/cli/console.h"
#include "app/cli/run_tables.h"
#include "app/cli/svg_chart.h"
#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/plans/plan.h"
#include "engine/runs/colours.h"
#include "engine/runs/export.h"
#include "engine/runs/run_labels.h"
#include "engine/runs/stored_experiment.h"

namespace grapevine::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr const char* style =
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;margin:1em 0}td,th{border-bottom:1px solid #ccc;padding:.2em .7em;"
    "text-align:left;vertical-align:top}div{overflow-x:auto}pre{background:#f4f4f4;padding:.8em;"
    "overflow-x:auto}"
    "svg{max-width:44em;display:block;margin:1em 0}";

std::string label_of_run(const RunData& run) {
  return "run " + std::to_string(run.id) + (run.name.empty() ? "" : ": " + run.name);
}

/// What a legend calls the runs: by the names that were given them where these tell them apart, else by what
/// differs.
std::vector<std::string> legend_of(const std::vector<RunData>& runs) {
  if (runs.size() == 1) return {label_of_run(runs.front())};
  std::vector<std::string> names;
  std::vector<const RunData*> looked_at;
  for (const RunData& run : runs) {
    names.push_back(run.name);
    looked_at.push_back(&run);
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
    mean.value.push_back(sum.first / sum.second);
  }
  return mean;
}

Chart chart_of(const std::vector<RunData>& runs, const MeasureDescriptor& measure) {
  Chart chart{measure.name + (measure.per_point ? ", mean over the layers" : ""),
              "epoch",
              measure.quantity == Quantity::share,
              {}};
  const std::vector<std::string> legend = legend_of(runs);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const RunData& run = runs[r];
    const int index = measure_index(measure.key);
    const Series series = measure.per_point               ? mean_over_points(run, index)
                          : run.find(index, 0) != nullptr ? *run.find(index, 0)
                                                          : Series{};
    if (series.value.empty()) continue;
    chart.lines.push_back({legend[r], colour_of(run), 0, series.epoch, series.value});
    // Runs of one colour are known by the dash.
    ChartLine& last = chart.lines.back();
    for (std::size_t i = 0; i + 1 < chart.lines.size(); ++i)
      if (chart.lines[i].colour == last.colour) last.dash = chart.lines[i].dash + 1;
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

/// What nobody reads to the end: the beginning, and the whole where the pointer rests.
std::string shortened_cell(const std::string& text) {
  constexpr std::size_t shown = 12;
  if (text.size() <= shown) return "<td>" + escaped_html(text) + "</td>";
  return "<td title=\"" + escaped_html(text) + "\">" + escaped_html(text.substr(0, shown)) + "…</td>";
}

/// A wide one is scrolled. `digests`: the column that has them, if any.
std::string table_of(const Rows& rows, std::optional<std::size_t> digests = std::nullopt) {
  std::string html = "<div><table>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    html += "<tr>";
    for (std::size_t j = 0; j < rows[i].size(); ++j) {
      if (i > 0 && j == digests) {
        html += shortened_cell(rows[i][j]);
        continue;
      }
      const char* tag = i == 0 || j == 0 ? "th" : "td";
      html += std::string("<") + tag + ">" + escaped_html(rows[i][j]) + "</" + tag + ">";
    }
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string plain(const nlohmann::json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Rows results_of(const std::vector<RunData>& runs) {
  Rows rows{
      {"run", "rule", "status", "steps", "epochs", "last test", "best test", "alignment cos(B, J) by layer"}};
  for (const RunData& run : runs) {
    const nlohmann::json result = run_result(run);
    rows.push_back({label_of_run(run), run.rule, run.status.text(), with_thousands(run.step),
                    epoch_text(run.epoch), score_at(result, Phase::test, "final_"),
                    score_at(result, Phase::test, "best_"), by_point(run, measure_keys::cos_b_j)});
  }
  return rows;
}

Rows settings_of(const std::vector<RunData>& runs) {
  Rows rows{{"setting"}};
  std::vector<std::string> experiments;
  for (const RunData& run : runs) {
    rows.front().push_back("run " + std::to_string(run.id));
    experiments.push_back(run.experiment);
  }
  for (const auto& [key, values] : setting_differences(experiments)) {
    rows.push_back({key});
    for (const nlohmann::json& value : values) rows.back().push_back(plain(value));
  }
  return rows;
}

Rows machines_of(const std::vector<RunData>& runs) {
  Rows rows{{"run", "uuid", "started", "computed by", "device", "threads", "data digest (SHA-256)"}};
  for (const RunData& run : runs)
    rows.push_back({"run " + std::to_string(run.id), run.uuid, run.started, versions_text(run), run.device,
                    run.threads > 0 ? std::to_string(run.threads) : "", run.data_digest});
  return rows;
}

std::string command_of(const RunData& run) {
  try {
    ExperimentPlan plan;
    plan.racers = {stored_experiment(run)};
    return plan_to_command(plan);
  } catch (const InputError& error) {
    return std::string("# ") + error.what();
  }
}

std::string section(const std::string& title, const std::string& body) {
  return "<h2>" + title + "</h2>\n" + body;
}

std::string preformatted(const std::string& text) {
  std::string html = "<pre>";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    html += escaped_html(text.substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return html + "</pre>\n";
}

}  // namespace

std::vector<Chart> charts_of(const std::vector<RunData>& runs, const std::vector<std::string>& measures) {
  std::vector<const MeasureDescriptor*> shown;
  for (const std::string& key : measures) shown.push_back(&measure_called(key));
  if (shown.empty()) shown = usual_measures();
  std::vector<Chart> charts;
  for (const MeasureDescriptor* measure : shown) {
    Chart chart = chart_of(runs, *measure);
    if (!chart.lines.empty())
      charts.push_back(std::move(chart));
    else if (!measures.empty())
      throw InputError("no run that is exported has a value of " + measure->key +
                       ": leave it out of --measures");
  }
  return charts;
}

namespace {

std::string compared(const Comparison& comparison) {
  std::string html =
      section("Groups of runs that differ in nothing but the seed", table_of(groups_rows(comparison).rows()));
  if (const Table table = differences_rows(comparison, false); !table.empty())
    html += section("Differences over the same seeds", table_of(table.rows()));
  const auto alone = std::count_if(comparison.differences.begin(), comparison.differences.end(),
                                   [](const PairedDifference& one) { return !one.interval; });
  if (alone > 0)
    html += "<p>" + std::to_string(alone) +
            (alone == 1 ? " difference is left out: without an interval it says"
                        : " differences are left out: without an interval they say") +
            " nothing about chance. Three seeds that both groups have give one.</p>\n";
  if (const Table table = gaps_rows(comparison); !table.empty())
    html += section("Of the gap between DFA and BP, closed", table_of(table.rows()));
  return html;
}

}  // namespace

std::string html_report(const std::vector<RunData>& runs, const Comparison& comparison) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<title>Grapevine: runs compared</title>\n<style>" +
      std::string(style) + "</style></head>\n<body>\n<h1>Runs compared</h1>\n";
  for (const Chart& chart : charts_of(runs)) page += svg_of(chart);
  page += section("Results", table_of(results_of(runs)));
  page += compared(comparison);
  const Rows settings = settings_of(runs);
  page += section("Settings that differ", settings.size() > 1 ? table_of(settings) : "<p>None.</p>\n");
  const Rows machines = machines_of(runs);
  page += section("What computed them, on which data", table_of(machines, machines.front().size() - 1));
  std::string commands;
  for (const RunData& run : runs) commands += command_of(run) + "\n";
  page += section("Commands that repeat it", preformatted(commands));
  return page + "<p>Made by Grapevine " GRAPEVINE_VERSION ".</p>\n</body></html>\n";
}

}  // namespace grapevine::cli
