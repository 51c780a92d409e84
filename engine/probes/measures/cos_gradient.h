// The cosine of the whole network's gradient with BP's: over all segments but the last, whose gradient is
// BP's.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_gradient() {
  return {.measure = deceiving(
              network_measure("cos_gradient", "cos(gradient, BP's)",
                              "cosine of the gradient of all segments but the last with BP's: the last one's "
                              "is exact whatever the rule",
                              Better::up, Quantity::cosine),
              "the segments with the largest gradients outweigh the others, and Forward\u2013Forward follows "
              "another loss than the one it is compared with"),
          .needs = {Need::rehearsal, Need::bp_gradients},
          .missing_where = "A network of one segment has none."};
}

}  // namespace grapevine
