#include "engine/probes/measures/signal_ratio.h"

#include <cmath>

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_signal_ratio(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l) {
    const double exact = at::linalg_vector_norm(probe.bp_signal(l)).item<double>();
    const double own = at::linalg_vector_norm(probe.own_signal(l)).item<double>();
    probe.note("signal_ratio", l, exact > 0 ? own / exact : std::nan(""));
  }
}

}  // namespace grapevine
