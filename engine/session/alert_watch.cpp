#include "engine/session/alert_watch.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

/// Of people: four digits.
std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

Event told(const Alert& alert, const Sample& sample) {
  const MeasureDescriptor& measure = measures()[sample.measure];
  Event event;
  event.racer = sample.racer;
  event.step = sample.step;
  event.epoch = sample.epoch;
  event.kind = EventKind::alert;
  event.cause = measure.key + (sample.point > 0 ? " of layer " + std::to_string(sample.point) : "") +
                (alert.above ? " rose above " : " fell below ") + to_text(Value(alert.line)) + ": " +
                short_text(sample.value);
  event.data = nlohmann::json{{"measure", measure.key},
                              {"point", sample.point},
                              {"line", alert.line},
                              {"value", sample.value},
                              {"above", alert.above}}
                   .dump();
  return event;
}

}  // namespace

void AlertWatch::watch(std::string_view alerts) {
  alerts_ = parse_alerts(alerts);
  beyond_.clear();
}

void AlertWatch::look(const std::vector<Sample>& samples, std::vector<Event>& events) {
  if (alerts_.empty()) return;
  for (const Sample& sample : samples) {
    for (std::size_t i = 0; i < alerts_.size(); ++i) {
      const Alert& alert = alerts_[i];
      if (sample.measure != alert.measure || (alert.point >= 0 && sample.point != alert.point) ||
          !std::isfinite(sample.value))
        continue;
      const bool beyond = alert.above ? sample.value > alert.line : sample.value < alert.line;
      const auto [place, is_first] = beyond_.try_emplace(Place{i, sample.racer, sample.point}, beyond);
      if (!is_first && beyond && !place->second) events.push_back(told(alert, sample));
      place->second = beyond;
    }
  }
}

}  // namespace grapevine
