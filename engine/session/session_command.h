// An entry of a session's queue. Private to session/.
#pragma once

#include "engine/session/session.h"

namespace grapevine {

struct Session::Command {
  enum class Kind { play, pause, step, stop, change, undo, inspect, rehearse, note };
  Kind kind;
  std::int64_t count = 0;
  LiveChange change = {};
  InspectionRequest inspection = {};
  RehearsalRequest rehearsal = {};
  StepNote note = {};
  std::uint64_t id = 0;
};

}  // namespace grapevine
