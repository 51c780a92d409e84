// bench: the time of a training step, rule by rule and part by part.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/table.h"
#include "engine/door/engine_api.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {
namespace {

bool names_a_rule(const Options& options) {
  return !options.experiment.empty() || !options.rules.empty() ||
         std::any_of(options.sets.begin(), options.sets.end(),
                     [](const std::string& set) { return set.starts_with("rule.name="); });
}

/// Without a rule named anywhere: those of the first experiment, with the settings of the command line.
ExperimentPlan plan_of(const Options& options) {
  Overrides overrides = options.overrides();
  if (!names_a_rule(options)) {
    for (const Experiment& racer : first_experiment().racers) overrides.rules.push_back(racer.rule());
  }
  return load_plan(options.experiment, overrides);
}

nlohmann::json document_of(const BenchReport& report) {
  nlohmann::json rules = nlohmann::json::array();
  for (const BenchLine& line : report.rules) {
    nlohmann::json parts = nlohmann::json::object();
    for (const auto& [part, milliseconds] : line.parts_ms) parts[part] = milliseconds;
    rules.push_back({{"rule", line.rule},
                     {"median_ms", line.median_ms},
                     {"p10_ms", line.p10_ms},
                     {"p90_ms", line.p90_ms},
                     {"parts_ms", parts},
                     {"flops", line.flops},
                     {"gflops_per_s", line.gflops_per_s},
                     {"gemm_gflops_per_s", line.gemm_gflops_per_s},
                     {"peak_memory_mb", line.peak_memory_mb}});
  }
  return {{"device", report.device}, {"threads", report.threads}, {"rules", rules}};
}

void print_table(const BenchReport& report, const std::vector<std::string>& labels) {
  std::vector<std::string> headings{"rule", "ms a step", "10 %", "90 %"};
  if (!report.rules.empty()) {
    for (const auto& [part, milliseconds] : report.rules.front().parts_ms) headings.push_back(part);
  }
  for (const char* heading : {"GFLOP", "GFLOP/s", "of GEMM", "MB"}) headings.emplace_back(heading);
  std::vector<Align> alignment(headings.size(), Align::right);
  alignment.front() = Align::left;
  Table table(headings, alignment);
  for (std::size_t i = 0; i < report.rules.size(); ++i) {
    const BenchLine& line = report.rules[i];
    std::vector<std::string> cells{i < labels.size() ? labels[i] : line.rule, fixed(line.median_ms, 2),
                                   fixed(line.p10_ms, 2), fixed(line.p90_ms, 2)};
    for (const auto& [part, milliseconds] : line.parts_ms) cells.push_back(fixed(milliseconds, 2));
    cells.push_back(fixed(line.flops / 1e9, 2));
    cells.push_back(fixed(line.gflops_per_s, 1));
    cells.push_back(percent(line.gflops_per_s / line.gemm_gflops_per_s, 0));
    cells.push_back(fixed(line.peak_memory_mb, 0));
    table.add(std::move(cells));
  }
  print(report.device + ", " + std::to_string(report.threads) +
        (report.threads == 1 ? " thread" : " threads") + "; medians and parts in milliseconds\n" +
        table.text());
}

}  // namespace

int bench_command(const Options& options) {
  if (options.experiment == "table5") return bench_table5(options);
  const ExperimentPlan plan = plan_of(options);
  const EngineApi& engine = load_engine();
  Options to_error = options;
  to_error.json = true;  // progress goes to standard error in any case
  Console console(to_error);
  const BenchReport report = engine.bench(plan.racers, options.steps, [&](int done, int of) {
    if (of > 0) console.live({"timing: " + std::to_string(done) + " of " + std::to_string(of)});
  });
  console.live({});
  for (const std::string& note : report.notes) console.line(note);
  if (options.json) {
    print_json(document_of(report));
  } else {
    print_table(report, racer_labels(plan.racers));
  }
  return 0;
}

}  // namespace grapevine::cli
