// The table of settings that every experiment has: those of the groups; which part of the form
// they are, and who may have a value of his own.
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
};
constexpr Part parts[] = {
    {"Run", settings_of<RunSettings>},
    {"Run", settings_of<AlertSettings>},
    {"Data", settings_of<DataSettings>, Scope::race},
    {"Model", settings_of<ModelSettings>},
    {"Learning rules", settings_of<RuleName>},
    {"Optimizer", settings_of<OptimizerSettings>},
    {"Optimizer", settings_of<SegmentRateSettings>},
    {"Schedule", settings_of<ScheduleSettings>},
    {"Training", settings_of<TrainSettings>, Scope::race},
    {"Checkpoints", settings_of<CheckpointSettings>},
    {"Calibration", settings_of<CalibrationSettings>},
    {"Measures", settings_of<ProbeSettings>},
};

}  // namespace

const std::vector<Setting>& experiment_settings() {
  static const std::vector<Setting> all = [] {
    std::vector<Setting> settings;
    for (const Part& part : parts)
      for (Setting setting : part.settings()) {
        setting.group = part.title;
        setting.scope = std::max(setting.scope, part.scope);
        settings.push_back(std::move(setting));
      }
    return settings;
  }();
  return all;
}

}  // namespace grapevine
