// bench: the time of a training step, rule by rule and part by part.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/cli/bench_options.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/stop_requests.h"
#include "app/cli/table.h"
#include "app/cli/work_progress.h"
#include "engine/door/engine_api.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {
namespace {

bool names_a_rule(const Options& options, const BenchOptions& own) {
  return !own.experiment.empty() || !own.rules.empty() ||
         std::any_of(options.sets.begin(), options.sets.end(),
                     [](const std::string& set) { return set.starts_with("rule.name="); });
}

/// Without a rule named anywhere: those of the first experiment, with the settings of the command line.
ExperimentPlan plan_of(const Options& options, const BenchOptions& own) {
  Overrides overrides = options.overrides(own.rules);
  if (!names_a_rule(options, own)) {
    for (const Experiment& racer : first_experiment().racers) overrides.rules.push_back(racer.rule());
  }
  return load_plan(own.experiment, overrides);
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
  std::vector<std::string> headings{"rule", "ms per step", "10 %", "90 %"};
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

int bench(const Options& options, const BenchOptions& own) {
  const ExperimentPlan plan = plan_of(options, own);
  const EngineApi& engine = load_engine();
  WorkProgress progress(options, own.progress);
  const BenchReport report = engine.bench(plan.racers, own.steps,
                                          [&](int done, int of) { progress.tell("timing", 0, 1, done, of); });
  progress.end();
  for (const std::string& note : report.notes) progress.console().line(note);
  if (options.json) {
    print_json(document_of(report));
  } else {
    print_table(report, racer_labels(plan.racers));
  }
  return 0;
}

int run(const Options& options, const BenchOptions& own) {
  if (own.experiment == "table5")
    return stoppable(options, "nothing of a bench is stored", [&] { return bench_table5(options, own); });
  return stoppable(options, "nothing of a bench is stored", [&] { return bench(options, own); });
}

void describe(Usage& usage, BenchOptions& own) {
  add_experiment(usage, own.experiment);
  add_rules(usage, own.rules);
  usage.add("--steps", &own.steps, "Timed steps of each rule").shown_as("N").between(1, 1000000);
  add_progress(usage, own.progress);
}

}  // namespace

Command bench_command() {
  return make_command<BenchOptions>({"bench", "Time a training step of each rule, part by part",
                                     "bench table5 times the GrAPE paper's Table 5: steps of BP and GrAPE on "
                                     "small Transformers of depth 2, 4 "
                                     "and 8, next to the paper's times.",
                                     Shows::settings},
                                    describe, run);
}

}  // namespace grapevine::cli
