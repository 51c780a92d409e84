#include "engine/calibration/event_json.h"

#include <nlohmann/json.hpp>

namespace grapevine {

std::string calibration_json(const CalibrationEffect& effect) {
  const auto per_point = [](const Measured& measured) {
    nlohmann::json points = nlohmann::json::object();
    for (const auto& [key, value] : measured) points[std::to_string(key.second)] = value;
    return points;
  };
  return nlohmann::json{
      {"loss_before", effect.loss_before},          {"loss_after", effect.loss_after},
      {"gradient_norm", effect.gradient_norm},      {"alignment_before", per_point(effect.before)},
      {"alignment_after", per_point(effect.after)}, {"seconds", effect.seconds}}
      .dump();
}

}  // namespace grapevine
