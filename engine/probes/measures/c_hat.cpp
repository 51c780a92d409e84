#include "engine/probes/measures/c_hat.h"

#include <cmath>

#include "engine/probes/probe_context.h"

namespace grapevine {

// Σ⟨Jp, Bp⟩ / √(Σ‖Jp‖² Σ‖Bp‖²) over samples and directions.
void measure_c_hat(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l) {
    const FeedbackStructure& form = probe.rule.structure(point_index(l));
    const at::Tensor& b = (*probe.rule.feedback())[point_index(l)];
    double both = 0, through_j = 0, through_b = 0;
    for (const KeptTrace& trace : *probe.rule.traces()) {
      if (trace.point != l) continue;
      const at::Tensor predicted = form.predict(form.features_seen(trace.perturbation), b);
      both += (trace.z_dot * predicted).sum().item<double>();
      through_j += trace.z_dot.square().sum().item<double>();
      through_b += predicted.square().sum().item<double>();
    }
    const double norms = std::sqrt(through_j * through_b);
    probe.note("c_hat", l, norms > 0 ? both / norms : 0);
  }
}

}  // namespace grapevine
