// cos(M_l, J̄_l) over all entries, M_l the mean of all estimates (rule.estimate_average).
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_average_j() {
  const char* const name = "cos(mean J\u0302, J\u0304)";
  return {.measure =
              estimated(point_cosine("cos_average_j", name,
                                     "Frobenius cosine of the mean of all estimates "
                                     "(rule.estimate_average) with the true Jacobian: the mean lags behind "
                                     "weights that move")),
          .beside = {error_of("cos_average_j", name)},
          .needs = {Need::average, Need::jacobian},
          .missing_where = "There is one only with rule.estimate_average=cumulative."};
}

}  // namespace grapevine
