// The table of settings that every experiment has: those of the groups; which part of the form
// they are, who may have a value of his own, and what a fork may change.
#include <algorithm>
#include <utility>

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/alert_settings.h"
#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/probe_settings.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/segment_rate_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

/// A part of the form.
struct Part {
  const char* title;
  std::vector<Setting> (*settings)();
  Scope scope = Scope::run;  ///< of all its settings, unless they say another
  bool forks = false;        ///< a fork may change them all
};
constexpr Part parts[] = {
    {"Run", settings_of<RunSettings>},
    {"Run", settings_of<AlertSettings>},
    {"Data", settings_of<DataSettings>, Scope::race},
    {"Model", settings_of<ModelSettings>},
    {"Learning rules", settings_of<RuleName>, Scope::run, true},
    {"Optimizer", settings_of<OptimizerSettings>, Scope::run, true},
    {"Optimizer", settings_of<SegmentRateSettings>, Scope::run, true},
    {"Schedule", settings_of<ScheduleSettings>, Scope::run, true},
    {"Training", settings_of<TrainSettings>, Scope::race},
    {"Checkpoints", settings_of<CheckpointSettings>, Scope::run, true},
    {"Calibration", settings_of<CalibrationSettings>, Scope::run, true},
    {"Measures", settings_of<ProbeSettings>, Scope::run, true},
};

}  // namespace

const std::vector<Setting>& experiment_settings() {
  static const std::vector<Setting> all = [] {
    std::vector<Setting> settings;
    for (const Part& part : parts)
      for (Setting setting : part.settings()) {
        setting.group = part.title;
        setting.scope = std::max(setting.scope, part.scope);
        setting.forks = setting.forks || part.forks;
        settings.push_back(std::move(setting));
      }
    return settings;
  }();
  return all;
}

}  // namespace grapevine
