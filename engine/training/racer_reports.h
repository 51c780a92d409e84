// Samples and events of one racer, ready for a report. A value; any thread may call.
#pragma once

#include <cstdint>
#include <string>

#include "engine/session/stepper.h"

namespace grapevine {

class RacerReports {
 public:
  explicit RacerReports(int racer) : racer_(static_cast<std::uint16_t>(racer)) {}

  /// Of a measure that the registry has; `point` 0 = of the whole network.
  void add(Report& report, const std::string& measure, int point, std::int64_t step, double epoch,
           double value) const;
  Event event(EventKind kind, std::int64_t step, double epoch, const std::string& cause) const;
  int racer() const { return racer_; }

 private:
  std::uint16_t racer_;
};

}  // namespace grapevine
