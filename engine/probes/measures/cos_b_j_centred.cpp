#include "engine/probes/measures/cos_b_j_centred.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_b_j_centred(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l)
    probe.note("cos_b_j_centred", l, probe.jacobian().centred_cosine_with(probe.feedback(l), point_index(l)));
}

}  // namespace grapevine
