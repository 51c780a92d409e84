#include "engine/probes/measures/eq4_bound.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_eq4_bound(ProbeContext& probe) {
  if (!probe.jacobian().exact()) return;  // of a text
  for (int l = 1; l <= probe.points(); ++l)
    probe.note("eq4_bound", l, eq4_bound(probe.jacobian().jacobian(point_index(l))));
}

}  // namespace grapevine
