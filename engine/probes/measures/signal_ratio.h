// ‖δ_l‖/‖δ_l of BP‖ on the same weights and batch.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_signal_ratio() {
  return {.measure = deceiving(
              point_measure("signal_ratio", "\u2016\u03b4\u2016/\u2016\u03b4 of BP\u2016",
                            "norm of the rule's signal over that of BP's on the same weights and batch"),
              "Adam takes a constant factor out again: 1 is not a goal, and says nothing of the direction"),
          .needs = {Need::own_signals, Need::bp_signals},
          .missing_where = "Where BP's signal is zero there is no value."};
}

}  // namespace grapevine
