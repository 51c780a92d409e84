// Whether the mean of all estimates so far replaces the step's estimate (the 2025 text's §3.4). Plain
// C++.
#pragma once

#include "engine/experiment/bound_settings.h"

namespace grapevine {

struct AverageSettings {
  bool cumulative = false;

  void bind(Binder& to) {
    to.choice(
        cumulative, "estimate_average", {{"none", false}, {"cumulative", true}},
        "what the matrices turn towards: the step's own estimate, or the mean of all since the start or "
        "the last calibration (2025 text, section 3.4), which lags behind moving weights");
  }
};

}  // namespace grapevine
