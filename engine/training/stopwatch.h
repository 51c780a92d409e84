// Seconds since it was made, in which the program was not held. A value.
#pragma once

#include <chrono>

#include "engine/session/awake_clock.h"

namespace grapevine {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

 private:
  using Clock = AwakeClock;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace grapevine
