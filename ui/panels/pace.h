// How fast a run gets on, for what is left of it: over the last minute of playing, since a second's speed
// jumps with every test and with what else the machine does. The main thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace grapevine {

class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  /// How far a run is; while it does not play the time does not count.
  void note(bool playing, std::int64_t step, Clock::time_point now = Clock::now()) {
    if (!playing || (!seen_.empty() && step < seen_.back().step)) return stop();
    if (!seen_.empty() && now - seen_.back().when < std::chrono::milliseconds(200)) return;
    seen_.push_back({step, now});
    while (seen_.size() > 2 && now - seen_.front().when > std::chrono::seconds(60)) seen_.pop_front();
    const std::chrono::duration<double> time = seen_.back().when - seen_.front().when;
    const auto steps = static_cast<double>(seen_.back().step - seen_.front().step);
    if (time.count() >= 0.5 && steps > 0) known_ = steps / time.count();
  }
  double steps_per_second() const { return known_; }

 private:
  struct Moment {
    std::int64_t step;
    Clock::time_point when;
  };

  void stop() { seen_.clear(); }

  std::deque<Moment> seen_;
  double known_ = 0;
};

}  // namespace grapevine
