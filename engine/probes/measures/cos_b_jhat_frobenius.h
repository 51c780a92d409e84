// cos(B_l, Ĵ_l) over all entries, Ĵ_l the step's estimate (eq. 5).
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_b_jhat_frobenius() {
  return {.measure = feedback_cosine("cos_b_jhat_frobenius", "cos(B, J\u0302)",
                                     "Frobenius cosine with the step's estimate (eq. 5)"),
          .needs = {Need::feedback, Need::estimate}};
}

}  // namespace grapevine
