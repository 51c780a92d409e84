// A segment's weights against those that carry errors back in their place: angle and ratio of norms.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_angle() {
  return {.measure = in_degrees(
              point_measure("angle", "angle(W, transport)",
                            "degrees between the segment's weights and the ones that carry errors back; "
                            "and the ratio of their norms",
                            Better::down)),
          .beside = {point_measure("transport_ratio", "\u2016R\u2016/\u2016W\u2016",
                                   "norm of the transport weights over the forward ones'")},
          .needs = {Need::transport}};
}

}  // namespace grapevine
