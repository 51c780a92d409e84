#include "engine/probes/measures/size_ratio.h"

#include <cmath>

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_size_ratio(ProbeContext& probe) {
  const auto [d, g] = probe.gradients_to(probe.network.segments());
  const double square = at::dot(g, g).item<double>();
  const bool vanishes = std::sqrt(square) < vanishing_gradient;
  probe.note("size_ratio", 0, vanishes ? std::nan("") : at::dot(d, d).item<double>() / square);
}

}  // namespace grapevine
