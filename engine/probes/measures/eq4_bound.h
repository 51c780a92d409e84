// Eq. 4's lower bound of the expected cos(Ĵ_l, J̄_l), from J̄_l's largest singular value.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_eq4_bound() {
  ProbeDescriptor probe{
      .measure =
          point_cosine("eq4_bound", "eq. 4 bound",
                       "expected cos(J\u0302, J\u0304) is at least this (Gaussian, one draw, per-layer "
                       "trace); takes one adjoint sweep per class, however many; not for language models"),
      .needs = {Need::estimating_rule, Need::whole_jacobian}};
  probe.measure.better = Better::none;
  return probe;
}

}  // namespace grapevine
