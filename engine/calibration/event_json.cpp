#include "engine/calibration/event_json.h"

#include <nlohmann/json.hpp>

#include "engine/experiment/entry_keys.h"

namespace grapevine {

std::string calibration_json(const CalibrationEffect& effect) {
  const auto per_point = [](const Measured& measured, const char* measure) {
    nlohmann::json points = nlohmann::json::object();
    for (const auto& [key, value] : measured)
      if (key.first == measure) points[std::to_string(key.second)] = value;
    return points;
  };
  return nlohmann::json{{"loss_before", effect.loss_before},
                        {"loss_after", effect.loss_after},
                        {"gradient_norm", effect.gradient_norm},
                        {"alignment_before", per_point(effect.before, measure_keys::cos_b_j)},
                        {"alignment_after", per_point(effect.after, measure_keys::cos_b_j)},
                        {"centred_before", per_point(effect.before, measure_keys::cos_b_j_centred)},
                        {"centred_after", per_point(effect.after, measure_keys::cos_b_j_centred)},
                        {"seconds", effect.seconds}}
      .dump();
}

}  // namespace grapevine
