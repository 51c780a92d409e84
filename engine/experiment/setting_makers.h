// Settings described in one line each. Plain C++; any thread may call.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/settings.h"

namespace grapevine {

inline Setting choice_setting(std::string key, std::string fallback, std::vector<std::string> choices,
                              std::string help) {
  Setting setting;
  setting.key = std::move(key);
  setting.kind = Kind::choice;
  setting.fallback = std::move(fallback);
  setting.choices = std::move(choices);
  setting.help = std::move(help);
  return setting;
}

inline Setting switch_setting(std::string key, bool fallback, std::string help) {
  Setting setting;
  setting.key = std::move(key);
  setting.kind = Kind::boolean;
  setting.fallback = fallback;
  setting.help = std::move(help);
  return setting;
}

inline Setting count_setting(std::string key, std::int64_t fallback, std::int64_t low, std::int64_t high,
                             std::string help) {
  Setting setting;
  setting.key = std::move(key);
  setting.kind = Kind::integer;
  setting.fallback = fallback;
  setting.low = static_cast<double>(low);
  setting.high = static_cast<double>(high);
  setting.help = std::move(help);
  return setting;
}

/// A real number in [low, high]; open ends are excluded.
inline Setting number_setting(std::string key, double fallback, double low, bool open_low, double high,
                              bool open_high, std::string help) {
  Setting setting;
  setting.key = std::move(key);
  setting.kind = Kind::number;
  setting.fallback = fallback;
  setting.low = low;
  setting.open_low = open_low;
  setting.high = high;
  setting.open_high = open_high;
  setting.help = std::move(help);
  return setting;
}

inline Setting live(Setting setting) {
  setting.live = true;
  return setting;
}

inline Setting only_where(Setting setting, std::string key, std::vector<std::string> values) {
  setting.depends_on = std::move(key);
  setting.depends_values = std::move(values);
  return setting;
}

}  // namespace grapevine
