#include "engine/session/observation.h"

namespace grapevine {

const char* to_text(SessionState state) {
  switch (state) {
    case SessionState::idle:
      return "idle";
    case SessionState::running:
      return "running";
    case SessionState::paused:
      return "paused";
    case SessionState::stopping:
      return "stopping";
    case SessionState::finished:
      return "finished";
    case SessionState::failed:
      return "failed";
  }
  return "";
}

bool Observations::empty() const {
  return samples.empty() && events.empty() && commands.empty() && acknowledgements.empty() &&
         checkpoints.empty() && states.empty() && step < 0 && !preparing && !undoable && failure.empty() &&
         !inspection && !rehearsal;
}

void Observations::append(const Observations& later, bool with_checkpoints) {
  const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  add(samples, later.samples);
  add(events, later.events);
  add(commands, later.commands);
  add(acknowledgements, later.acknowledgements);
  add(states, later.states);
  if (with_checkpoints) add(checkpoints, later.checkpoints);
  if (later.step >= 0) step = later.step, epoch = later.epoch;
  steps_per_second = later.steps_per_second;
  if (later.undoable) undoable = later.undoable;
  if (later.preparing) preparing = later.preparing;
  if (!later.failure.empty()) failure = later.failure;
  if (later.inspection) inspection = later.inspection;
  if (later.rehearsal) rehearsal = later.rehearsal;
}

void Observations::clear() {
  samples.clear();
  events.clear();
  commands.clear();
  acknowledgements.clear();
  checkpoints.clear();
  states.clear();
  step = -1;
  epoch = 0;
  steps_per_second = 0;
  undoable.reset();
  preparing.reset();
  failure.clear();
  inspection.reset();
  rehearsal.reset();
}

}  // namespace grapevine
