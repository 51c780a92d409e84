#include "engine/probes/measures/cos_update.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_update(ProbeContext& probe) {
  const ParameterLayout& layout = probe.network.layout();
  for (int l = 1; l <= probe.network.segments(); ++l) {
    const at::Tensor own = probe.lesson.gradients.segment(layout, l);
    if (own.numel() > 0) probe.note("cos_update", l, cosine(own, probe.bp_gradients().segment(layout, l)));
  }
}

}  // namespace grapevine
