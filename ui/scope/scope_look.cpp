// What frames are drawn with.
#include "ui/scope/scope_look.h"

#include "ui/scope/run_colour.h"

namespace grapevine {

Colour ScopeLook::colour_of(const Racer& racer) const {
  return run_colour(*racer.run, racer.shade, theme());
}

Colour ScopeLook::colour_of(const ScopeModel& model, int racer) const {
  return colour_of(model.racers()[static_cast<std::size_t>(racer)]);
}

std::vector<StageRacer> ScopeLook::stage_racers(const ScopeModel& model) const {
  std::vector<StageRacer> racers = model.stage_racers();
  for (StageRacer& racer : racers) racer.hue = colour_of(model, racer.index);
  return racers;
}

SeriesCache& ScopeLook::cache(const ScopeModel& model) {
  if (model.runs_shown() != cached_runs_) {
    cache_.clear();
    needles.forget();
  }
  cached_runs_ = model.runs_shown();
  return cache_;
}

}  // namespace grapevine
