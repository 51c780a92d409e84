// Whether a measure crosses a line that somebody wants to hear of (the setting `alerts`). Belongs to the
// session's worker.
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
  /// From now on these; what was seen of others is forgotten. Throws InputError.
  void watch(std::string_view alerts);
  /// An event a crossing. A line has to be seen from its other side first: a run that begins beyond it has
  /// crossed nothing.
  void look(const std::vector<Sample>& samples, std::vector<Event>& events);

 private:
  using Place = std::tuple<std::size_t, std::uint16_t, std::uint16_t>;  ///< alert, racer, point
  std::vector<Alert> alerts_;
  std::map<Place, bool> beyond_;
};

}  // namespace grapevine
