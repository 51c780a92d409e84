// What frames are drawn with, whatever they show: the theme, and lines that are computed once for many
// frames. The window's thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ui/plot/series_cache.h"
#include "ui/plot/theme.h"
#include "ui/scope/figures/needle_motion.h"
#include "ui/scope/scope_model.h"

namespace grapevine {

class ScopeLook {
 public:
  bool dark = false;
  bool for_file = false;  ///< no controls: what is drawn goes to a file
  /// On any clock, in milliseconds, of a frame whose needles move; nothing = all stand where they were
  /// measured.
  std::optional<double> now;
  NeedleMotion needles;

  const Theme& theme() const { return dark ? dark_theme() : light_theme(); }
  Colour colour_of(const Racer& racer) const;
  Colour colour_of(const ScopeModel& model, int racer) const;
  /// The model's visible racers in their colours; valid as long as the model's runs.
  std::vector<StageRacer> stage_racers(const ScopeModel& model) const;
  /// Drops the lines of runs that the model no longer shows.
  SeriesCache& cache(const ScopeModel& model);

 private:
  SeriesCache cache_;
  std::int64_t cached_runs_ = -1;
};

}  // namespace grapevine
