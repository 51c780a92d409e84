// One file over HTTP, by libcurl: continues from where an earlier attempt ended, tries again where that may
// help. Blocks its thread, which should not be the window's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/session/progress.h"

namespace grapevine {

struct FetchRequest {
  std::vector<std::string> addresses;  ///< of the same file, tried in turn
  std::string file;        ///< where it goes; until it is whole, "<file>.part" and "<file>.part.json"
  std::int64_t size = 0;   ///< as published; 0 = what the server says
  std::int64_t most = 0;   ///< where `size` is not known: more than that can't be the file; 0 = no limit
  std::int64_t space = 0;  ///< bytes that must stay free next to it, for unpacking
  int attempts = 5;        ///< in a row without a new byte
  double pause = 1;        ///< seconds before the second attempt; doubles
  double stall = 60;       ///< seconds without a byte that end an attempt
};

/// Throws RunError naming the address and why, WorkStopped when asked to stop; both leave the part for the
/// next time.
void fetch(const FetchRequest& request, const WorkHooks& hooks);

/// A download of unknown size leaves so many bytes of the disk free.
inline constexpr std::int64_t disk_reserve = 16'000'000;
/// Throws RunError when less than `bytes` are free in the folder (or its next parent that exists).
void demand_space(const std::string& folder, std::int64_t bytes);

}  // namespace grapevine
