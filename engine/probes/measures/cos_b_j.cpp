#include "engine/probes/measures/cos_b_j.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_b_j(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l)
    probe.note("cos_b_j", l, probe.jacobian().cosine_with(probe.feedback(l), point_index(l)));
}

}  // namespace grapevine
