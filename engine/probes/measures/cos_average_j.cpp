#include "engine/probes/measures/cos_average_j.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_average_j(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l)
    probe.note("cos_average_j", l, probe.jacobian().cosine_with(probe.average(l), point_index(l)));
}

}  // namespace grapevine
