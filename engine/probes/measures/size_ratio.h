// ‖d‖²/‖g‖², which Theorem B.1 bounds by C where its σ is zero.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_size_ratio() {
  return {.measure = deceiving(
              network_measure("size_ratio", "Theorem B.1's C: \u2016d\u2016\u00b2/\u2016g\u2016\u00b2",
                              "squared norm of the rule's gradient over BP's: Theorem B.1's C, where its "
                              "\u03c3 is zero"),
              "the theorem allows C\u2016g\u2016\u00b2 + \u03c3\u00b2: late in training \u03c3\u00b2 is all "
              "that is left, and the ratio grows without C doing so; a factor on B scales it"),
          .needs = {Need::rehearsal, Need::bp_gradients},
          .missing_where = "Where BP's gradient vanishes there is no value."};
}

}  // namespace grapevine
