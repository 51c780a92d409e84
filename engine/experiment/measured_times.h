// How often a run is measured. Pure.
#pragma once

#include <cstdint>

namespace grapevine {

/// A run that is measured automatically (probe.every=auto) less often than this is told how to see more.
inline constexpr std::int64_t few_measurements = 10;

/// Before the first step, every `every` steps, and at the end; 0 where nothing is measured.
constexpr std::int64_t measured_times(std::int64_t steps, std::int64_t every) {
  return every <= 0 ? 0 : 1 + steps / every + (steps % every != 0 ? 1 : 0);
}

}  // namespace grapevine
