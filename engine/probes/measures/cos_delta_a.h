// cos(δ_l, δ_l of BP) at the pre-activation a_l, the texts' ∂L/∂a: both taken down through what follows the
// segment's last activation, and through it. Units behind a dead ReLU count in neither.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_delta_a() {
  return {.measure = deceiving(
              point_cosine("cos_delta_a", "cos(\u03b4a, \u03b4a of BP)",
                           "mean over samples of the signal's cosine with BP's before the segment's last "
                           "activation (the texts' \u2202L/\u2202a; cos_delta is behind it)"),
              "samples whose units are all dead are left out (dead_share); in deep residual networks the "
              "identity path alone can bring it near 1"),
          .needs = {Need::own_signals, Need::bp_signals},
          .missing_where = "A segment without an activation has none, nor one with parameters behind it."};
}

}  // namespace grapevine
