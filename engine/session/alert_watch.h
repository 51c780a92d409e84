// Whether a measure crosses a line that the user asked to be notified of (the setting `alerts`). Belongs to
// the session's worker.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/experiment/alert.h"
#include "engine/session/observation.h"

namespace grapevine {

class AlertWatch {
 public:
  /// From now on these; what was seen of others is discarded. Throws InputError. `continued`: values came
  /// before that are not known, so that the next one is not the first.
  void watch(std::string_view alerts, bool continued = false);
  /// One event per crossing. A line has to be seen from its other side first: a run that begins beyond it has
  /// crossed nothing; but what is beyond it at its first value after training began has passed it unseen, and
  /// is reported. After that the next crossing counts once the measure was back by more than a margin:
  /// twice what it moved recently from one value to the next, a twentieth of the line at least, and 0.02 of
  /// cosines and fractions. So what only fluctuates around a line is reported once.
  void look(const std::vector<Sample>& samples, std::vector<Event>& events);

 private:
  using Place = std::tuple<std::size_t, std::uint16_t, std::uint16_t>;  ///< alert, racer, point
  /// What was seen of a curve.
  struct Past {
    bool armed = false;  ///< the next crossing is reported
    double last = 0;
    double move = 0;   ///< to it from the one before, without its sign
    double moves = 0;  ///< the running mean of such
  };
  static double margin(const Alert& alert, const Past& past);

  std::vector<Alert> alerts_;
  bool continued_ = false;
  std::map<Place, Past> past_;
};

}  // namespace grapevine
