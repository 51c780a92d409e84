// cos(B_l, J̄_l) once each column's mean over classes is subtracted from both.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_b_j_centred() {
  const char* const name = "cos(B, J\u0304) centred";
  return {.measure = estimated(
              feedback_cosine("cos_b_j_centred", name,
                              "the same after each column's mean over classes is taken off: softmax errors "
                              "never act along it")),
          .beside = {error_of("cos_b_j_centred", name)},
          .needs = {Need::feedback, Need::jacobian}};
}

}  // namespace grapevine
