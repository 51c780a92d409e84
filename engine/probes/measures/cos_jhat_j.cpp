#include "engine/probes/measures/cos_jhat_j.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_jhat_j(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l)
    probe.note("cos_jhat_j", l, probe.jacobian().cosine_with(probe.estimate(l), point_index(l)));
}

}  // namespace grapevine
