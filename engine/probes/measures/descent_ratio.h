// ⟨g,d⟩/‖g‖², of which Theorem B.1's κ is a lower bound in expectation: a probe's own, and the mean over the
// run's probes with its standard error.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_descent_ratio() {
  const char* const name = "\u27e8g,d\u27e9/\u2016g\u2016\u00b2";
  MeasureDescriptor mean =
      network_measure("descent_ratio_mean", std::string("Theorem B.1's \u03ba: mean ") + name,
                      "mean over the run's probes: what comes nearest to Theorem B.1's "
                      "\u03ba");
  mean.error = "descent_ratio_mean_error";
  mean.caution =
      "\u03ba bounds an expectation at every step, and this is a mean over them; d and g share the batch's "
      "noise, so it reads high, and a factor on B scales it";
  return {.measure = deceiving(
              network_measure("descent_ratio", std::string("Theorem B.1's \u03ba: ") + name,
                              "the rule's gradient d along BP's g (not Adam's step): Theorem B.1's \u03ba "
                              "bounds its expectation from below"),
              "one batch's ratio is not \u03ba: look at the mean and its error; d and g share the batch's "
              "noise, so it reads high, and a factor on B scales it"),
          .beside = {mean, network_measure("descent_ratio_mean_error", std::string("error of mean ") + name,
                                           "standard error of the mean over probes")},
          .needs = {Need::rehearsal, Need::bp_gradients, Need::past},
          .missing_where = "Where BP's gradient vanishes there is no value."};
}

}  // namespace grapevine
