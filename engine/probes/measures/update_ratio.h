// How far the optimizer's last step moved a segment's weights: ‖ΔW_l‖/‖W_l‖, decay included, calibration not.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_update_ratio() {
  return {
      .measure = deceiving(
          point_measure("update_ratio", "\u2016\u0394W\u2016/\u2016W\u2016",
                        "how far the last step moved the segment's weights in relation to their norm; "
                        "biases and norms' parameters left out"),
          "Adam makes it about lr\u00b7\u221an/\u2016W\u2016 whatever the gradient is: it says nothing of "
          "which rule is better"),
      .needs = {Need::moved},
      .by_default = false,  // a copy of the weights at each probe
      .missing_where = "Segments without weights have none, and weights that are all zero no value."};
}

}  // namespace grapevine
