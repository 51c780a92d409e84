#include "engine/probes/measures/update_ratio.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_update_ratio(ProbeContext& probe) {
  const std::vector<double>& moved = probe.past().moved;
  for (std::size_t l = 0; l < moved.size(); ++l)
    probe.note("update_ratio", static_cast<int>(l) + 1, moved[l]);
}

}  // namespace grapevine
