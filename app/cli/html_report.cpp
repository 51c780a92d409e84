// A page in sections; every text of a run is escaped.
#include "app/cli/html_report.h"

#include <algorithm>
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
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;margin:1em 0}td,th{border-bottom:1px solid #ccc;padding:.2em .7em;"
    "text-align:left;vertical-align:top}div{overflow-x:auto}pre{background:#f4f4f4;padding:.8em;"
    "overflow-x:auto}"
    "svg{max-width:44em;display:block;margin:1em 0}";

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

std::string compared(const Comparison& comparison) {
  std::string html =
      section("Groups of runs that differ in nothing but the seed", table_of(groups_rows(comparison).rows()));
  if (const Table table = differences_rows(comparison, false); !table.empty())
    html += section(differences_heading(comparison), table_of(table.rows()));
  const auto alone = std::count_if(comparison.differences.begin(), comparison.differences.end(),
                                   [](const GroupDifference& one) { return !one.interval; });
  if (alone > 0)
    html += "<p>" + std::to_string(alone) +
            (alone == 1 ? " difference is left out: without an interval it says"
                        : " differences are left out: without an interval they say") +
            " nothing about chance. Three seeds that both groups have give one.</p>\n";
  if (const Table table = gaps_rows(comparison); !table.empty())
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
