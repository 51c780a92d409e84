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
         checkpoints.empty() && states.empty() && step < 0 && !preparing && failure.empty();
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
  preparing.reset();
  failure.clear();
}

}  // namespace grapevine
