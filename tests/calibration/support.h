// Experiments with little data, and their calibration.
#pragma once

#include <map>
#include <string>

#include "engine/calibration/calibration.h"
#include "engine/experiment/experiment.h"

namespace grapevine {

inline Experiment with(const std::string& rule, const std::map<std::string, std::string>& settings) {
  Experiment experiment(rule);
  experiment.set_text("data.name", "shapes");
  experiment.set_text("data.train_limit", "600");
  experiment.set_text("data.test_limit", "100");
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

inline Calibration calibration_of(const Experiment& experiment, const at::Tensor& values) {
  return {CalibrationSettings::of(experiment), values};
}

}  // namespace grapevine
