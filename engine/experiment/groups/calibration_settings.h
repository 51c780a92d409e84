// The settings calibration.*: when an exact step anchors the network, on which batch, and what it moves.
// Plain C++, a value.
#pragma once

#include <cstdint>

namespace grapevine {

class Binder;
class Experiment;

/// When alignment counts as lost (calibration/trigger.h).
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

struct CalibrationSettings {
  enum class When { never, epochs, steps, event, manual };
  enum class What { weights, feedback, both };
  enum class Batch { uniform, class_balanced, uncertain, worst_residual };

  When when = When::never;
  std::int64_t every = 1;  ///< epochs or steps between two
  What what = What::weights;
  Batch batch = Batch::uniform;
  std::int64_t batch_size = 128, pool = 1024;
  double lr = 0.01, momentum = 0.9, clip = 1;
  double ridge = 1e-3;
  std::int64_t check_every = 10;  ///< steps between two looks at ĉ
  TriggerSettings trigger;
  std::int64_t budget = 0;  ///< most BP batches, 0 = no limit

  static constexpr const char* group = "calibration.";
  void bind(Binder& to);
  static CalibrationSettings of(const Experiment& experiment);
};

}  // namespace grapevine
