// The table of settings that every experiment has: those of the groups, and the rule's name.
#include <algorithm>
#include <iterator>

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/probe_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

/// What decides which further keys "rule." has.
struct RuleName {
  std::string name = "grape";

  static constexpr const char* group = rule_group;
  void bind(Binder& to) {
    TextList keys;
    for (const RuleDescriptor& rule : rules()) keys.push_back(rule.key);
    to.word(name, "name", keys, "the learning rule");
  }
};

template <class... Groups>
std::vector<Setting> settings_of_groups() {
  std::vector<Setting> all;
  (std::ranges::move(settings_of<Groups>(), std::back_inserter(all)), ...);
  return all;
}

}  // namespace

const std::vector<Setting>& experiment_settings() {
  static const std::vector<Setting> all =
      settings_of_groups<RunSettings, DataSettings, ModelSettings, RuleName, OptimizerSettings,
                         ScheduleSettings, TrainSettings, CheckpointSettings, CalibrationSettings,
                         ProbeSettings>();
  return all;
}

}  // namespace grapevine
