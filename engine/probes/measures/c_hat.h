// ĉ_l: cos(B_l, J̄_l) from the step's tangents alone, without BP (learning-rules §6).
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_c_hat() {
  return {
      .measure = point_cosine("c_hat", "\u0109",
                              "estimate of cos(B, J\u0304) from the step's tangents alone; reads low with a "
                              "shared trace"),
      .needs = {Need::feedback, Need::traces}};
}

}  // namespace grapevine
