#include "engine/probes/measures/cos_delta_a.h"

#include <cmath>

#include "engine/probes/pre_activation.h"
#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_delta_a(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l) {
    const auto at_a = signals_at_pre_activation(probe, l);
    if (!at_a) continue;
    const at::Tensor cosines = nonzero_sample_cosines(at_a->own, at_a->exact);
    probe.note("cos_delta_a", l, cosines.numel() > 0 ? cosines.mean().item<double>() : std::nan(""));
  }
}

}  // namespace grapevine
