// A sample: the fraction of samples whose signal is within 90° of BP's.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_sample_measure() {
  return {.measure = point_measure("sample_measure", "fraction that helps",
                                   "fraction of samples whose signal is within 90° of BP's", Better::up,
                                   Quantity::share),
          .needs = {Need::own_signals, Need::bp_signals}};
}

}  // namespace grapevine
