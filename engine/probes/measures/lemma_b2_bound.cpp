#include "engine/probes/measures/lemma_b2_bound.h"

#include <algorithm>
#include <cmath>

#include "engine/probes/probe_context.h"

namespace grapevine {
namespace {

// Of ab − √(1−a²)√(1−b²) with a known and b known to within `error`.
double error(double a, double b, double error) {
  const double slope = a + std::sqrt(std::max(0.0, 1 - a * a) / std::max(1e-12, 1 - b * b)) * b;
  return std::abs(slope) * error;
}

}  // namespace

void measure_lemma_b2_bound(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l) {
    const at::Tensor estimate = probe.estimate(l);
    const double b_jhat = cosine(probe.feedback(l), estimate);
    const Estimate jhat_j = probe.jacobian().cosine_with(estimate, point_index(l));
    probe.note("lemma_b2_bound", l,
               Estimate{lemma_b2_bound(b_jhat, jhat_j.value), error(b_jhat, jhat_j.value, jhat_j.error)});
  }
}

}  // namespace grapevine
