// Time in which this program could work. The steady clock, which stops while the machine sleeps, less
// the time in which the program alone was held (Ctrl-Z, SIGSTOP). Any thread.
#pragma once

#include <chrono>

namespace grapevine {

/// What was held ends with SIGCONT; nothing says when it began: at the last reading of this clock, so that up
/// to the time between two readings is lost, which is a step's.
class AwakeClock {
 public:
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<AwakeClock>;
  static constexpr bool is_steady = true;

  static time_point now();
};

}  // namespace grapevine
