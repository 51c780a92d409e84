// Theorem A.1's series Σ_k cos²θ_k ‖g_k‖² as far as probes show it: between two of them by the trapezoid
// rule, from the run's first one on. θ is the angle between the rule's gradient d and BP's g, so that a term
// is ⟨g,d⟩²/‖d‖².
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_zoutendijk() {
  return {
      .measure = deceiving(
          network_measure("zoutendijk", "Zoutendijk's sum \u03a3 cos\u00b2\u03b8\u00b7\u2016g\u2016\u00b2",
                          "estimate of the series of Zoutendijk's theorem (A.1), summed over the steps "
                          "from the first probe on"),
          "\u2016g\u2016\u00b2 of a batch holds its noise, so that the sum grows without end; nor are the "
          "steps a line search's, as the theorem asks: it shows no condition that holds"),
      .needs = {Need::rehearsal, Need::bp_gradients, Need::past}};
}

}  // namespace grapevine
