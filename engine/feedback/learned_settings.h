// The optimizer of matrices that learn by a gradient (dkp, fdfa; learned.h). Plain C++.
#pragma once

#include "engine/experiment/bound_settings.h"

namespace grapevine {

struct LearnedSettings {
  bool sgd = false;  ///< else Adam
  double lr = 1e-4;
  double decay = 0;

  void bind(Binder& to) {
    to.choice(sgd, "feedback_optimizer", {{"adam", false}, {"sgd", true}}, "how the feedback matrices move")
        .choice_named(false, "Adam")
        .choice_named(true, "SGD");
    to.number(lr, "feedback_lr", at_least(0).at_most(1000), "learning rate of the feedback matrices").live();
    to.number(decay, "feedback_decay", at_least(0).below(1),
              "decay of the feedback matrices; under dkp of the weights too");
  }
};

}  // namespace grapevine
