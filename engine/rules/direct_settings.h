// What every direct rule may be asked for: how its matrices start and what they are made of. Plain C++.
#pragma once

#include "engine/feedback/feedback_init.h"
#include "engine/feedback/structure_settings.h"

namespace grapevine {

struct DirectSettings {
  FeedbackInit init = FeedbackInit::normal;
  bool shared_matrix = false;  ///< only where matrices stay as they are (dfa, drtp)
  StructureSettings structure = {};
  IntegerList exact_points = {};  ///< feedback points, from 1, whose signal is BP's

  void bind(Binder& to) {
    bind_feedback_init(to, init);
    structure.bind(to);
    bind_exact_points(to);
  }
  /// For a rule that turns the matrices' columns.
  void bind_turning(Binder& to) {
    bind_feedback_init(to, init, false);
    structure.bind(to);
    bind_exact_points(to);
  }
  /// For a rule whose matrices stay.
  void bind_fixed(Binder& to) {
    bind_feedback_init(to, init);
    to.toggle(shared_matrix, "shared_matrix", "slice all matrices from one (Launay 2020)");
    structure.bind(to);
    bind_exact_points(to);
  }

 private:
  void bind_exact_points(Binder& to) {
    to.integers(exact_points, "exact_points", at_least(1),
                "feedback points, counted from the input, that take BP's exact signal in place of their "
                "matrix's: shows which layer's feedback costs the accuracy; empty = none");
  }
};

}  // namespace grapevine
