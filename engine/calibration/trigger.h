// When alignment counts as lost (learning-rules §5, when = event): an EWMA of the alignment below a threshold
// for several checks, or a CUSUM of its shortfall over a limit; armed again once it has recovered. Plain
// arithmetic; any one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/experiment/groups/calibration_settings.h"

namespace grapevine {

class AlignmentTrigger {
 public:
  TriggerSettings settings;

  /// Looks at the alignment of each feedback point, at [l−1]. Returns the cause ("point 2: …") when it fires.
  std::string check(std::int64_t step, const std::vector<double>& alignment);

  /// Everything that a checkpoint must hold, as numbers, and back.
  std::vector<double> state() const;
  void restore(const std::vector<double>& state);

 private:
  bool may_fire(std::int64_t step) const;
  std::string lost_by_average();
  std::string lost_by_sum();

  std::vector<double> average_, sum_, below_;  ///< a point each; below_: checks in a row below `low`
  bool armed_ = true;
  std::int64_t last_fired_ = -1;  ///< step, or −1
};

}  // namespace grapevine
