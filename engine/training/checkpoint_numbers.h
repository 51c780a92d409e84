// Numbers of a checkpoint by name. Plain C++; any thread may call.
#pragma once

#include <map>
#include <string>

namespace grapevine {

/// 0 where there is none: older versions' checkpoints lack what came later.
inline double number_or_zero(const std::map<std::string, double>& numbers, const char* name) {
  const auto found = numbers.find(name);
  return found == numbers.end() ? 0.0 : found->second;
}

}  // namespace grapevine
