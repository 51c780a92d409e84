// The share of samples that cos_delta_a leaves out: no signal is left at the pre-activation on one side or
// both.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_dead_share() {
  return {.measure = deceiving(
              point_measure("dead_share", "dead samples",
                            "fraction of samples with no signal, or none of BP's, before the segment's last "
                            "activation: left out of cos_delta_a",
                            Better::down, Quantity::share),
              "a sample counts as dead only where all units of the segment are: a layer can be mostly dead "
              "and show 0 (zero activations tell that)"),
          .needs = {Need::own_signals, Need::bp_signals},
          .missing_where = "A segment without an activation has none, nor one with parameters behind it."};
}

}  // namespace grapevine
