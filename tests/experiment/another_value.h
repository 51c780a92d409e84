// A value that a setting allows and that is not its default.
#pragma once

#include <cmath>

#include "engine/experiment/settings.h"

namespace grapevine {

/// Halfway to the upper end, or one more where there is none; of a choice or list the last word.
inline Value another_value(const Setting& setting) {
  switch (setting.kind) {
    case Kind::boolean:
      return !std::get<bool>(setting.fallback);
    case Kind::integer:
      return std::get<std::int64_t>(setting.fallback) + (std::isfinite(setting.high) ? 1 : -1);
    case Kind::number: {
      const double now = std::get<double>(setting.fallback);
      return std::isfinite(setting.high) && now < setting.high ? (now + setting.high) / 2
             : std::isfinite(setting.high)                     ? (now + setting.low) / 2
                                                               : now + 1;
    }
    case Kind::count_or_share:
      return 0.25;
    case Kind::text:
      return std::string("another");
    case Kind::choice:
      return std::get<std::string>(setting.fallback) == setting.choices.back() ? setting.choices.front()
                                                                               : setting.choices.back();
    case Kind::integer_list:
      return IntegerList{3, 5};
    case Kind::number_list:
      return std::string("0.5,2");
    case Kind::text_list:
      return setting.choices;
    case Kind::integer_or_auto:
      return std::string("7");
    case Kind::segments:
      return std::string(R"([[{"type":"flatten"},{"type":"linear","out":10}]])");
  }
  return {};
}

}  // namespace grapevine
