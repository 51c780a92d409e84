// The state before the last intervention, kept as long as no step was computed since: one checkpoint. Worker
// thread only.
#pragma once

#include <optional>
#include <string>

#include "engine/session/live_change.h"
#include "engine/session/stepper.h"

namespace grapevine {

class Undo {
 public:
  /// Keeps the state as it is before `change`, in the place of an earlier one. `room`: bytes that may be
  /// taken; where they are too few nothing is kept, and take() says so.
  void keep(const Stepper& stepper, const LiveChange& change, double trained, std::int64_t room);
  void forget() { *this = {}; }
  /// What would be undone, in words; "" = nothing.
  std::string what() const { return state_ ? words_of(change_) : ""; }

  struct Kept {
    CheckpointSet state;
    LiveChange change;
    double trained = 0;
  };
  /// Gives away what is kept. Throws InputError where that is nothing.
  Kept take();

 private:
  std::optional<CheckpointSet> state_;
  LiveChange change_;
  double trained_ = 0;
  std::string why_not_;
};

}  // namespace grapevine
