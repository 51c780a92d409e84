// The mean over samples of cos(δ_l, δ_l of BP).
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_delta() {
  return {.measure = shown_by_needle(point_cosine("cos_delta", "cos(\u03b4, \u03b4 of BP)",
                                                  "mean over samples of the signal's cosine with BP's"),
                                     Needle::signal),
          .needs = {Need::own_signals, Need::bp_signals}};
}

}  // namespace grapevine
