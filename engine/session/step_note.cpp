#include "engine/session/step_note.h"

#include "engine/error.h"

namespace grapevine {

Event event_of(const StepNote& note, std::int64_t now, double epoch) {
  const std::int64_t step = note.step < 0 ? now : note.step;
  if (step > now)
    throw InputError("step " + std::to_string(step) + " is not yet there: the run is at step " +
                     std::to_string(now));
  Event event;
  event.racer = static_cast<std::uint16_t>(note.racer);
  event.step = step;
  event.epoch = now > 0 ? epoch * static_cast<double>(step) / static_cast<double>(now) : 0;
  event.kind = EventKind::note;
  event.cause = note.text;
  return event;
}

}  // namespace grapevine
