#include "engine/probes/measures/cos_delta.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_delta(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l)
    probe.note("cos_delta", l, probe.signal_cosines(l).mean().item<double>());
}

}  // namespace grapevine
