// The data of a calibration's event: what it did, per layer. Plain C++.
#pragma once

#include <string>

#include "engine/probes/probe_context.h"

namespace grapevine {

struct CalibrationEffect {
  double loss_before = 0, loss_after = 0;  ///< on the calibration's mini-batch
  double gradient_norm = 0;                ///< of BP's gradient, before clipping
  Measured before, after;                  ///< cos_b_j and cos_b_j_centred per feedback point
  double seconds = 0;
};

/// {"loss_before", "loss_after", "gradient_norm", "alignment_before": {"1": cos_b_j, …}, "alignment_after",
/// "centred_before": {"1": cos_b_j_centred, …}, "centred_after", "seconds"}.
std::string calibration_json(const CalibrationEffect& effect);

}  // namespace grapevine
