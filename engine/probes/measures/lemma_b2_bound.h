// Lemma B.2's lower bound of cos(B_l, J̄_l), from cos(B_l, Ĵ_l) and cos(Ĵ_l, J̄_l).
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_lemma_b2_bound() {
  ProbeDescriptor probe{
      .measure = estimated(point_cosine("lemma_b2_bound", "Lemma B.2 bound",
                                        "lower bound of cos(B, J\u0304) from the two cosines before it")),
      .beside = {error_of("lemma_b2_bound", "the Lemma B.2 bound")},
      .needs = {Need::feedback, Need::estimate, Need::jacobian}};
  probe.measure.better = Better::none;
  return probe;
}

}  // namespace grapevine
