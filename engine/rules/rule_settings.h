// Settings that several rules share, described once. Plain C++.
#pragma once

#include <string>
#include <vector>

#include "engine/experiment/setting_makers.h"

namespace grapevine {

/// How a direct feedback matrix starts (learning-rules §2). A rule that turns directions can't start from
/// zero.
inline Setting feedback_init_setting(std::string fallback, bool zero_too = true) {
  std::vector<std::string> choices{"normal", "uniform", "kaiming", "xavier"};
  std::string help = "how the feedback matrices start: N(0,1), U(±1/√n), N(0,2/C), Xavier's";
  if (zero_too)
    choices.emplace_back("zero"), help += ", or zeros";
  else
    help += " (not zero: a zero column has no direction to turn)";
  return choice_setting("init", std::move(fallback), std::move(choices), std::move(help));
}

/// How a direct feedback matrix is made of fewer numbers (engine/feedback/structure.h).
inline std::vector<Setting> structure_settings() {
  return {
      choice_setting(
          "structure", "dense", {"dense", "per_channel", "grid", "kernel", "low_rank"},
          "feedback to a convolution's map: a number a feature, a channel or a cell of a grid, or a "
          "transposed convolution of the spread error; low_rank, a product of two thin matrices, "
          "serves vectors too, which else stay dense"),
      only_where(count_setting("grid", 4, 1, 256, "cells a side of the map"), "rule.structure", {"grid"}),
      only_where(count_setting("kernel", 3, 1, 31, "taps a side, an odd number"), "rule.structure",
                 {"kernel"}),
      only_where(count_setting("rank", 8, 1, 4096, "rank of the feedback matrices, at most the classes"),
                 "rule.structure", {"low_rank"}),
  };
}

/// The forward-mode estimate (learning-rules §3, steps 2 and 3).
inline std::vector<Setting> estimate_settings() {
  return {
      choice_setting("trace", "shared", {"shared", "per_layer"},
                     "one tangent pass for all layers, or one a layer (costs grow with depth squared)"),
      count_setting("directions", 1, 1, 4096, "independent perturbations a step, averaged"),
      switch_setting("orthogonal", false,
                     "draw the directions orthogonal within a sample (overrides distribution)"),
      choice_setting("distribution", "rademacher", {"rademacher", "gaussian"},
                     "what perturbations are drawn from"),
      choice_setting("jvp", "tangent", {"tangent", "double_forward"},
                     "exact tangent maps, or the finite difference of two forward passes"),
      only_where(number_setting("jvp_epsilon", 1e-3, 0, true, 1, false, "step of the finite difference"),
                 "rule.jvp", {"double_forward"}),
      only_where(switch_setting("jvp_central", false, "central instead of forward differences"), "rule.jvp",
                 {"double_forward"}),
      choice_setting("space", "activation", {"activation", "smaller"},
                     "perturb activations, or a segment's weights where they are fewer"),
  };
}

/// The optimiser of matrices that learn by a gradient (dkp, fdfa).
inline std::vector<Setting> feedback_optimizer_settings(double decay) {
  return {
      choice_setting("feedback_optimizer", "adam", {"adam", "sgd"}, "how the feedback matrices move"),
      live(number_setting("feedback_lr", 1e-4, 0, false, 1000, false,
                          "learning rate of the feedback matrices")),
      number_setting("feedback_decay", decay, 0, false, 1, true,
                     "decay of the feedback matrices; under dkp of the weights too"),
  };
}

}  // namespace grapevine
