// Sizes: of weights, signals and matrices; and what the activations are like.
#pragma once

#include "engine/experiment/measure.h"

namespace grapevine {

inline ProbeDescriptor describe_measure_norms() {
  return {
      .measure = point_measure("norms", "norms",
                               "norms of weights, signals and matrices; mean, spread and zeros of "
                               "activations"),
      .beside = {point_measure("norm_weights", "\u2016W\u2016", "norm of the segment's weights"),
                 point_measure("norm_signal", "\u2016\u03b4\u2016", "norm of the signal"),
                 point_measure("norm_feedback", "\u2016B\u2016", "Frobenius norm of the feedback matrix"),
                 point_measure("activation_mean", "activation mean", "mean activation at the feedback point"),
                 point_measure("activation_spread", "activation spread",
                               "standard deviation of the activations"),
                 point_measure("activation_zeros", "zero activations",
                               "fraction of activations that are zero")},
      .needs = {Need::rehearsal},
      .is_family = true};
}

}  // namespace grapevine
