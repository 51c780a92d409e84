// Whole numbers in JSON of other programs: get<std::int64_t>() of a number like 4e19 has no defined result.
// Any thread may call.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace grapevine {

/// Is it a whole number that std::int64_t holds?
inline bool is_whole(const nlohmann::json& value) {
  return value.is_number_integer() &&
         !(value.is_number_unsigned() &&
           value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()});
}
/// The same, and not below 0?
inline bool is_count(const nlohmann::json& value) {
  return is_whole(value) && value.get<std::int64_t>() >= 0;
}

/// Fills `counts`; false where `list` is not a list, or has something else in it.
inline bool read_counts(const nlohmann::json& list, std::vector<std::int64_t>& counts) {
  if (!list.is_array()) return false;
  for (const auto& value : list) {
    if (!is_count(value)) return false;
    counts.push_back(value.get<std::int64_t>());
  }
  return true;
}

}  // namespace grapevine
