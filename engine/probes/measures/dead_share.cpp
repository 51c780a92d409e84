#include "engine/probes/measures/dead_share.h"

#include "engine/probes/pre_activation.h"
#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_dead_share(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l) {
    const auto at_a = signals_at_pre_activation(probe, l);
    if (!at_a) continue;
    const double all = static_cast<double>(at_a->own.size(0));
    const double left = static_cast<double>(nonzero_sample_cosines(at_a->own, at_a->exact).numel());
    probe.note("dead_share", l, 1 - left / all);
  }
}

}  // namespace grapevine
