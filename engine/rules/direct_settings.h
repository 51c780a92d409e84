// What every direct rule may be asked for: how its matrices start and what they are made of. Plain C++.
#pragma once

#include "engine/feedback/feedback_init.h"
#include "engine/feedback/structure_settings.h"

namespace grapevine {

struct DirectSettings {
  FeedbackInit init = FeedbackInit::normal;
  bool shared_matrix = false;  ///< only where matrices stay as they are (dfa, drtp)
  StructureSettings structure = {};

  void bind(Binder& to) {
    bind_feedback_init(to, init);
    structure.bind(to);
  }
  /// For a rule that turns the matrices' columns.
  void bind_turning(Binder& to) {
    bind_feedback_init(to, init, false);
    structure.bind(to);
  }
  /// For a rule whose matrices stay.
  void bind_fixed(Binder& to) {
    bind_feedback_init(to, init);
    to.toggle(shared_matrix, "shared_matrix", "slice all matrices from one (Launay 2020)");
    structure.bind(to);
  }
};

}  // namespace grapevine
