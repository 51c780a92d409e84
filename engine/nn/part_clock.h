// Where a step's time goes, for the bench. Absent (nullptr) in ordinary training, where nothing is timed or
// synchronised.
#pragma once

#include <array>
#include <chrono>
#include <functional>

namespace grapevine {

enum class Part { forward, tangent, align, signal, adjoint, optimizer, probe, count };
inline constexpr std::array<const char*, static_cast<std::size_t>(Part::count)> part_names = {
    "forward", "tangent", "align", "signal", "adjoint", "optimizer", "probe"};

class PartClock {
 public:
  std::array<double, static_cast<std::size_t>(Part::count)> seconds{};
  std::function<void()> synchronise;  ///< waits for the device; empty on a CPU

  void reset() { seconds.fill(0); }
  void start() {
    if (synchronise) synchronise();
    began_ = std::chrono::steady_clock::now();
  }
  /// Adds the time since start() or the last lap() to a part.
  void lap(Part part) {
    if (synchronise) synchronise();
    const auto now = std::chrono::steady_clock::now();
    seconds[static_cast<std::size_t>(part)] += std::chrono::duration<double>(now - began_).count();
    began_ = now;
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

inline void lap(PartClock* clock, Part part) {
  if (clock) clock->lap(part);
}

}  // namespace grapevine
