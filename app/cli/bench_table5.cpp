// bench table5: the 2026 text's Table 5 (App. D.2), a step of BP next to one of GrAPE on small Transformers
// of depth 2, 4 and 8, with the text's milliseconds on its A100 next to ours.
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/bench_options.h"
#include "app/cli/console.h"
#include "app/cli/table.h"
#include "app/cli/work_progress.h"
#include "engine/door/engine_api.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/plans/papers.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {
namespace {

constexpr int depths[] = {2, 4, 8};

// The text gives width, batch and tokens. Its vocabulary, heads and inner width are not given: 1,000 words,
// so that the decoder, which every rule pays, does not hide the blocks; 4 heads; 4 times the width, as usual.
ExperimentPlan plan_of_depth(const Options& options, const BenchOptions& own, int depth) {
  Overrides overrides = options.overrides(own.rules);
  if (overrides.rules.empty()) overrides.rules = {rule_keys::bp, rule_keys::grape};
  const std::vector<std::string> settings{"data.name=wikitext2", "data.vocabulary=1000",
                                          "data.context=64",     "model.name=transformer",
                                          "model.d_model=128",   "model.d_ff=512",
                                          "model.heads=4",       "model.depth=" + std::to_string(depth),
                                          "train.batch=256",     "probe.every=0"};
  overrides.sets.insert(overrides.sets.begin(), settings.begin(), settings.end());
  return load_plan("", overrides);
}

nlohmann::json number(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

}  // namespace

int bench_table5(const Options& options, const BenchOptions& own) {
  const EngineApi& engine = load_engine();
  WorkProgress progress(options, own.progress);
  int part = 0;
  Table table(
      {"depth", "rule", "ms per step", "10 %", "90 %", "of the first rule", "GFLOP", "ms in the text (A100)"},
      {Align::right, Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
       Align::right});
  nlohmann::json depths_json = nlohmann::json::array();
  BenchReport report;
  std::string sizes;
  for (int depth : depths) {
    const ExperimentPlan plan = plan_of_depth(options, own, depth);
    const Experiment& first = plan.racers.front();
    const DataSettings text = DataSettings::of(first);
    sizes = "width " + std::to_string(ModelSettings::of(first).d_model) + ", batch " +
            std::to_string(TrainSettings::of(first).batch) + ", " + std::to_string(text.context) +
            " tokens, " + std::to_string(text.vocabulary) + " words";
    report = engine.bench(plan.racers, own.steps, [&](int done, int of) {
      progress.tell("timing depth " + std::to_string(depth), part, static_cast<int>(std::size(depths)), done,
                    of);
    });
    ++part;
    for (const std::string& note : report.notes) progress.console().line(note);
    nlohmann::json rules = nlohmann::json::array();
    for (const BenchLine& line : report.rules) {
      const double ratio = line.median_ms / report.rules.front().median_ms;
      const double published = published_milliseconds(line.rule, depth);
      table.add({std::to_string(depth), line.rule, fixed(line.median_ms, 1), fixed(line.p10_ms, 1),
                 fixed(line.p90_ms, 1), fixed(ratio, 2), fixed(line.flops / 1e9, 1), fixed(published, 1)});
      rules.push_back({{"rule", line.rule},
                       {"median_ms", line.median_ms},
                       {"p10_ms", line.p10_ms},
                       {"p90_ms", line.p90_ms},
                       {"ratio_to_first", ratio},
                       {"flops", line.flops},
                       {"published_ms", number(published)}});
    }
    depths_json.push_back({{"depth", depth}, {"rules", rules}});
  }
  progress.end();
  if (options.json) {
    print_json({{"device", report.device}, {"threads", report.threads}, {"depths", depths_json}});
    return 0;
  }
  print("Transformer of " + sizes + "; " + report.device + ", " + std::to_string(report.threads) +
        (report.threads == 1 ? " thread" : " threads") + "\n" + table.text());
  return 0;
}

}  // namespace grapevine::cli
