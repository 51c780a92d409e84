// The mean over columns of B_l's cosine with the step's estimate Ĵ_l, as the papers draw it.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_b_jhat() {
  return {.measure = feedback_cosine("cos_b_jhat", "cos(B, J\u0302) by column",
                                     "mean over columns of the cosine with the step's estimate (the papers' "
                                     "measure); not a scale of alignment"),
          .needs = {Need::feedback, Need::estimate}};
}

}  // namespace grapevine
