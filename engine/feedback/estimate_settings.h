// What the forward-mode estimate may be asked for (learning-rules §3, steps 2 and 3). Plain C++.
#pragma once

#include "engine/experiment/bound_settings.h"

namespace grapevine {

struct EstimateSettings {
  bool shared_trace = true;
  std::int64_t directions = 1;
  bool orthogonal = false;
  bool gaussian = false;
  bool double_forward = false;
  double epsilon = 1e-3;
  bool central = false;
  bool space_smaller = false;

  void bind(Binder& to) {
    to.choice(shared_trace, "trace", {{"shared", true}, {"per_layer", false}},
              "one tangent pass for all layers, or one per layer (costs grow with depth squared)");
    to.integer(directions, "directions", at_least(1).at_most(4096),
               "independent perturbations a step, averaged");
    to.toggle(orthogonal, "orthogonal",
              "draw the directions orthogonal within a sample (overrides distribution)");
    bind_distribution(to, {{"rademacher", false}, {"gaussian", true}});
    const auto jvp = to.choice(double_forward, "jvp", {{"tangent", false}, {"double_forward", true}},
                               "exact tangent maps, or the finite difference of two forward passes");
    to.number(epsilon, "jvp_epsilon", above(0).at_most(1), "step of the finite difference")
        .only_where(jvp.is({true}));
    to.toggle(central, "jvp_central", "central instead of forward differences").only_where(jvp.is({true}));
    to.choice(space_smaller, "space", {{"activation", false}, {"smaller", true}},
              "perturb activations, or a segment's weights where they are fewer");
  }
  /// `words`: in the order of forms.
  void bind_distribution(Binder& to, const WordsOf<bool>& words) {
    to.choice(gaussian, "distribution", words, "what perturbations are drawn from");
  }
};

}  // namespace grapevine
