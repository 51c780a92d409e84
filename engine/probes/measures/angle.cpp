#include "engine/probes/measures/angle.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/probes/probe_context.h"

namespace grapevine {

// All of a segment's transported weights as one vector.
void measure_angle(ProbeContext& probe) {
  const std::vector<at::Tensor>& transport = *probe.rule.transport();
  for (int l = 1; l <= probe.network.segments(); ++l) {
    std::vector<int> slots;
    probe.network.segment(l).weight_slots(slots);
    std::vector<at::Tensor> forward, back;
    for (int slot : slots) {
      const at::Tensor& r = transport[static_cast<std::size_t>(slot)];
      if (!r.defined()) continue;
      forward.push_back(probe.network.values()[slot].flatten());
      back.push_back(r.flatten());
    }
    if (back.empty()) continue;
    const at::Tensor w = at::cat(forward), r = at::cat(back);
    const double length = at::linalg_vector_norm(w).item<double>();
    probe.note("angle", l, std::acos(std::clamp(cosine(w, r), -1.0, 1.0)) * 180 / std::numbers::pi);
    probe.note("transport_ratio", l, length > 0 ? at::linalg_vector_norm(r).item<double>() / length : 0);
  }
}

}  // namespace grapevine
