#include "engine/probes/measures/sample_measure.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_sample_measure(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l)
    probe.note("sample_measure", l, probe.signal_cosines(l).gt(0).to(at::kDouble).mean().item<double>());
}

}  // namespace grapevine
