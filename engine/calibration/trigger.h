// When alignment counts as lost (learning-rules §5, when = event): an EWMA of the alignment below a threshold
// for several checks, or a CUSUM of its shortfall over a limit; armed again once it has recovered. Plain
// arithmetic; any one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

struct TriggerSettings {
  bool cusum = false;
  double smoothing = 0.9;      ///< share of the old average in the new one
  double low = 0.3;            ///< EWMA: lost when below
  double high = 0.5;           ///< armed again when every point's average is above; CUSUM's reference μ
  std::int64_t checks = 3;     ///< EWMA: in a row, of one point
  double slack = 0.05;         ///< CUSUM: κ
  double limit = 1;            ///< CUSUM: h
  std::int64_t min_gap = 100;  ///< least steps between two firings
};

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
