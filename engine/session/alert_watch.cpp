#include "engine/session/alert_watch.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

constexpr double weight_of_a_move = 0.1, moves_back = 2, part_of_the_line = 0.05, least_of_a_share = 0.02;

/// Of people: four digits.
std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

Event told(const Alert& alert, const Sample& sample, bool is_first) {
  const MeasureDescriptor& measure = measures()[sample.measure];
  Event event;
  event.racer = sample.racer;
  event.step = sample.step;
  event.epoch = sample.epoch;
  event.kind = EventKind::alert;
  event.cause = measure.key + (sample.point > 0 ? " of layer " + std::to_string(sample.point) : "") +
                (is_first      ? alert.above ? " is above " : " is below "
                 : alert.above ? " rose above "
                               : " fell below ") +
                to_text(Value(alert.line)) + (is_first ? " at its first value: " : ": ") +
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

void AlertWatch::watch(std::string_view alerts, bool continued) {
  alerts_ = parse_alerts(alerts);
  continued_ = continued;
  past_.clear();
}

double AlertWatch::margin(const Alert& alert, const Past& past) {
  const Quantity quantity = measures()[static_cast<std::size_t>(alert.measure)].quantity;
  const bool is_a_share = quantity == Quantity::cosine || quantity == Quantity::share;
  return std::max({moves_back * std::max(past.move, past.moves), part_of_the_line * std::abs(alert.line),
                   is_a_share ? least_of_a_share : 0});
}

void AlertWatch::look(const std::vector<Sample>& samples, std::vector<Event>& events) {
  if (alerts_.empty()) return;
  for (const Sample& sample : samples) {
    for (std::size_t i = 0; i < alerts_.size(); ++i) {
      const Alert& alert = alerts_[i];
      if (sample.measure != alert.measure || (alert.point >= 0 && sample.point != alert.point) ||
          !std::isfinite(sample.value))
        continue;
      const auto [place, is_first] =
          past_.try_emplace(Place{i, sample.racer, sample.point}, Past{.last = sample.value});
      Past& past = place->second;
      const double ahead = alert.above ? sample.value - alert.line : alert.line - sample.value;
      const bool unseen = is_first && !continued_ && sample.step > 0;
      if (ahead > 0 && (past.armed || unseen)) events.push_back(told(alert, sample, unseen));
      if (ahead > 0)
        past.armed = false;
      else if (is_first || -ahead > margin(alert, past))
        past.armed = true;
      past.move = std::abs(sample.value - past.last);
      past.moves += weight_of_a_move * (past.move - past.moves);
      past.last = sample.value;
    }
  }
}

}  // namespace grapevine
