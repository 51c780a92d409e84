// The cosine of a segment's gradient with BP's.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_cos_update() {
  return {.measure = shown_by_needle(
              point_cosine("cos_update", "cos(update, BP's)", "cosine of the segment's gradient with BP's"),
              Needle::update),
          .needs = {Need::rehearsal, Need::bp_gradients}};
}

}  // namespace grapevine
