// A page in sections; every text of a run is escaped.
#include "app/cli/html_report.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/cli/comparison_tables.h"
#include "app/cli/console.h"
#include "app/cli/run_charts.h"
#include "app/cli/run_tables.h"
#include "app/cli/svg_chart.h"
#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/plans/plan.h"
#include "engine/runs/export.h"
#include "engine/runs/stored_experiment.h"

namespace grapevine::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr const char* style =
    "body{font:15px/1.5 sans-serif;max-width:75em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;margin:1em 0}td,th{border-bottom:1px solid #ccc;padding:.2em .7em;"
    "text-align:left;vertical-align:top}div{overflow-x:auto}pre{background:#f4f4f4;padding:.8em;"
    "overflow-x:auto}"
    "svg{max-width:44em;display:block;margin:1em 0}"
    "@media print{div{overflow-x:visible}table{font-size:70%}td,th{padding:.2em "
    ".4em;overflow-wrap:anywhere}}";

/// What nobody reads to the end: the beginning, and the whole where the pointer rests.
std::string shortened_cell(const std::string& text) {
  constexpr std::size_t shown = 12;
  if (text.size() <= shown) return "<td>" + escaped_html(text) + "</td>";
  return "<td title=\"" + escaped_html(text) + "\">" + escaped_html(text.substr(0, shown)) + "…</td>";
}

/// A number and its deviation stay on one line.
std::string unbroken(std::string html) {
  const std::string between = " ± ";
  for (std::size_t at = html.find(between); at != std::string::npos; at = html.find(between, at + 1))
    html.replace(at, between.size(), "&nbsp;±&nbsp;");
  return html;
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
      html += std::string("<") + tag + ">" + unbroken(escaped_html(rows[i][j])) + "</" + tag + ">";
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

/// What runs are chosen by first; a language model next to a network of images has scores of its own.
std::vector<const MeasureDescriptor*> scores_in(const std::vector<nlohmann::json>& results) {
  std::vector<const MeasureDescriptor*> all;
  for (const Phase phase : {Phase::validation, Phase::test})
    for (const MeasureDescriptor* score : scores(phase))
      if (std::any_of(results.begin(), results.end(), [&](const nlohmann::json& result) {
            return std::isfinite(number_at(result, "final_" + score->key));
          }))
        all.push_back(score);
  return all;
}

Rows results_of(const std::vector<RunData>& runs) {
  std::vector<nlohmann::json> results;
  for (const RunData& run : runs) results.push_back(run_result(run));
  const std::vector<const MeasureDescriptor*> shown = scores_in(results);
  Rows rows{{"run", "rule", "status", "steps", "epochs"}};
  for (const MeasureDescriptor* score : shown)
    rows.front().insert(rows.front().end(), {score->name + ", last", score->name + ", best"});
  rows.front().push_back("alignment cos(B, J) by layer");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunData& run = runs[i];
    std::vector<std::string> row{label_of_run(run), run.rule, run.status.text(), with_thousands(run.step),
                                 epoch_text(run.epoch)};
    for (const MeasureDescriptor* score : shown)
      for (const char* before : {"final_", "best_"})
        row.push_back(score_text(*score, number_at(results[i], before + score->key)));
    row.push_back(by_point(run, measure_keys::cos_b_j));
    rows.push_back(std::move(row));
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

/// What makes the groups, if it is anything.
std::string groups_heading(const Comparison& comparison) {
  std::string keys;
  for (const RunKey& key : comparison.keys) keys += (keys.empty() ? "" : ", ") + key.text();
  return keys.empty() ? "Groups of runs that differ in nothing but the seed" : "Groups by " + keys;
}

std::string compared(const Comparison& comparison) {
  constexpr Names words = Names::in_words;
  std::string html =
      section(escaped_html(groups_heading(comparison)), table_of(groups_rows(comparison, words).rows()));
  if (const Table table = differences_rows(comparison, false, words); !table.empty())
    html += section(differences_heading(comparison), table_of(table.rows()));
  const auto alone = std::count_if(comparison.differences.begin(), comparison.differences.end(),
                                   [](const GroupDifference& one) { return !one.interval; });
  if (alone > 0)
    html += "<p>" + std::to_string(alone) +
            (alone == 1 ? " difference is left out: without an interval it says"
                        : " differences are left out: without an interval they say") +
            " nothing about chance. Three seeds that both groups have give one.</p>\n";
  if (const Table table = gaps_rows(comparison, words); !table.empty())
    html += section("Of the gap between DFA and BP, closed", table_of(table.rows()));
  if (const std::string notes = notes_of(comparison); !notes.empty())
    html += "<p>" + escaped_html(notes) + "</p>\n";
  return html;
}

}  // namespace

std::string html_report(const std::vector<RunData>& runs, const Comparison& comparison,
                        const std::vector<Chart>& charts) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<title>Grapevine: runs compared</title>\n<style>" +
      std::string(style) + "</style></head>\n<body>\n<h1>Runs compared</h1>\n";
  for (const Chart& chart : charts) page += svg_of(chart);
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
