#include "engine/probes/measures/cos_gradient.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_gradient(ProbeContext& probe) {
  const auto [own, exact] = probe.gradients_to(probe.network.segments() - 1);
  if (own.numel() > 0) probe.note("cos_gradient", 0, cosine(own, exact));
}

}  // namespace grapevine
