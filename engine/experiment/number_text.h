// Numbers as text that is stored or that programs read: in the C locale, whatever the process's is. Pure; any
// thread may call.
#pragma once

#include <charconv>
#include <string>

namespace grapevine {

/// With so many digits behind the point: "0.250".
inline std::string fixed_text(double value, int digits) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits);
  return {text, end.ptr};
}

/// With at most so many digits in all: "0.25", "1e-07".
inline std::string short_text(double value, int digits) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits);
  return {text, end.ptr};
}

}  // namespace grapevine
