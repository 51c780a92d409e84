// Groups over seeds.
#include "engine/runs/seed_groups.h"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/registry.h"
#include "engine/runs/run_labels.h"
#include "engine/runs/setting_differences.h"
#include "engine/runs/stored_settings.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

/// Where published data lie makes no group; one's own are what lies there.
bool has_own_data(const RunData& run) {
  const auto name = StoredSettings::of(run.experiment).given(&DataSettings::name);
  const DataDescriptor* set = name ? find_data(*name) : nullptr;
  return !set || set->own;
}

/// What each run is apart from its seed; equal for those of one group.
std::vector<std::string> all_but_seeds(const std::vector<const RunData*>& runs) {
  std::vector<std::string> experiments, rules, texts(runs.size());
  for (const RunData* run : runs) {
    experiments.push_back(run->experiment);
    rules.push_back(run->rule);
  }
  static const std::string folder = key_of(&DataSettings::dir);
  const bool own_data =
      std::any_of(runs.begin(), runs.end(), [](const RunData* run) { return has_own_data(*run); });
  for (const SettingDifference& difference : setting_differences(experiments)) {
    if (difference.is_the_seed() || !difference.tells_apart(rules)) continue;
    if (!own_data && difference.key == folder) continue;
    for (std::size_t i = 0; i < runs.size(); ++i)
      texts[i] += difference.key + "=" + difference.values[i].dump() + "\n";
  }
  return texts;
}

}  // namespace

std::vector<std::vector<std::size_t>> groups_over_seeds(const std::vector<const RunData*>& runs) {
  const std::vector<std::string> kinds = all_but_seeds(runs);
  std::vector<std::optional<std::int64_t>> seeds;
  for (const RunData* run : runs)
    seeds.push_back(StoredSettings::of(run->experiment).given(&RunSettings::seed));
  std::vector<std::vector<std::size_t>> groups;
  std::vector<bool> taken(runs.size(), false);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (taken[i]) continue;
    std::vector<std::size_t> group{i};
    std::set<std::int64_t> different;
    for (std::size_t j = i; seeds[i] && j < runs.size(); ++j) {
      if (!seeds[j] || kinds[j] != kinds[i] || runs[j]->rule != runs[i]->rule) continue;
      if (j != i) group.push_back(j);
      different.insert(*seeds[j]);
    }
    if (different.size() < 2) group.resize(1);
    for (const std::size_t member : group) taken[member] = true;
    groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<std::string> labels_but_for_seeds(const std::vector<const RunData*>& runs) {
  static const std::string seed = key_of(&RunSettings::seed);
  std::vector<RunData> seedless(runs.size());
  std::vector<const RunData*> looked_at;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    nlohmann::json experiment = parse_stored_json(runs[i]->experiment);
    if (experiment.is_object()) experiment.erase(seed);
    seedless[i].id = runs[i]->id;
    seedless[i].rule = runs[i]->rule;
    seedless[i].name = runs[i]->name;
    seedless[i].experiment = experiment.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    looked_at.push_back(&seedless[i]);
  }
  return labels_that_differ(looked_at);
}

}  // namespace grapevine
