// Numbers in the words about data sets.
#pragma once

#include <cstdint>
#include <string>

namespace grapevine {

/// "60,000"
inline std::string with_separators(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), ",");
  return digits;
}

}  // namespace grapevine
