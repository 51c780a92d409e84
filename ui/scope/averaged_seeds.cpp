#include "ui/scope/averaged_seeds.h"

#include <algorithm>
#include <memory>

#include "engine/runs/seed_groups.h"
#include "ui/plot/figure_words.h"

namespace grapevine {
namespace {

/// What can still be grouped.
std::vector<const Racer*> single_runs(const ScopeModel& model) {
  std::vector<const Racer*> singles;
  for (const Racer& racer : model.racers())
    if (racer.visible && !racer.mean) singles.push_back(&racer);
  return singles;
}

std::vector<const RunData*> runs_of(const std::vector<const Racer*>& racers) {
  std::vector<const RunData*> runs;
  for (const Racer* racer : racers) runs.push_back(racer->run.get());
  return runs;
}

}  // namespace

bool has_several_seeds(const ScopeModel& model) {
  const auto groups = groups_over_seeds(runs_of(single_runs(model)));
  return std::any_of(groups.begin(), groups.end(), [](const auto& group) { return group.size() > 1; });
}

ScopeModel with_averaged_seeds(const ScopeModel& model, Band band) {
  const std::vector<const Racer*> singles = single_runs(model);
  const auto groups = groups_over_seeds(runs_of(singles));
  std::vector<const RunData*> firsts;
  for (const auto& group : groups) firsts.push_back(singles[group.front()]->run.get());
  const std::vector<std::string> names = labels_but_for_seeds(firsts);
  std::vector<RunView> runs;
  std::vector<std::string> labels;
  std::vector<MeanView> means;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Racer& first = *singles[groups[i].front()];
    if (groups[i].size() == 1) {
      runs.push_back(first.run);
      labels.push_back(first.label);
      means.push_back(nullptr);
      continue;
    }
    std::vector<RunView> members;
    for (const std::size_t member : groups[i]) members.push_back(singles[member]->run);
    const auto mean = std::make_shared<const MeanRun>(mean_run(members, band));
    runs.emplace_back(mean, &mean->data);
    labels.push_back(figure_words("%1 (N %2)", names[i], std::to_string(seeds_in(*mean))));
    means.push_back(mean);
  }
  for (const Racer& racer : model.racers()) {
    if (!racer.visible || !racer.mean) continue;
    runs.push_back(racer.run);
    labels.push_back(racer.label);
    means.push_back(racer.mean);
  }
  ScopeModel averaged = model;
  averaged.set_runs(runs, labels, means);
  return averaged;
}

}  // namespace grapevine
