#include "engine/probes/measures/cos_b_jhat_frobenius.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_cos_b_jhat_frobenius(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l)
    probe.note("cos_b_jhat_frobenius", l, cosine(probe.feedback(l), probe.estimate(l)));
}

}  // namespace grapevine
