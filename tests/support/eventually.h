// Waiting for what another thread or process does.
#pragma once

#include <chrono>
#include <thread>

namespace grapevine {

/// Looks every 10 ms for half a minute at most; false when it never became so.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 3000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace grapevine
