// cos(Ĵ_l, J̄_l) over all entries: how good the step's estimate is.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_jhat_j() {
  const char* const name = "cos(J\u0302, J\u0304)";
  return {.measure = estimated(point_cosine(
              "cos_jhat_j", name, "Frobenius cosine of the step's estimate with the true Jacobian")),
          .beside = {error_of("cos_jhat_j", name)},
          .needs = {Need::estimate, Need::jacobian}};
}

}  // namespace grapevine
