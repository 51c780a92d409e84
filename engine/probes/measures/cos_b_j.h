// cos(B_l, J̄_l) over all entries (learning-rules §6): how far a feedback matrix is turned to the true mean
// Jacobian.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_b_j() {
  const char* const name = "cos(B, J\u0304)";
  return {.measure = estimated(
              feedback_cosine("cos_b_j", name, "cosine of the feedback matrix with the true mean Jacobian")),
          .beside = {error_of("cos_b_j", name)},
          .needs = {Need::feedback, Need::jacobian}};
}

}  // namespace grapevine
