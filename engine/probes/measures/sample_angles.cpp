#include "engine/probes/measures/sample_angles.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/probes/probe_context.h"

namespace grapevine {

constexpr int percents[] = {10, 25, 50, 75, 90};

void measure_sample_angles(ProbeContext& probe) {
  for (int l = 1; l <= probe.points(); ++l) {
    const at::Tensor cosines =
        nonzero_sample_cosines(probe.own_signal(l), probe.bp_signal(l)).to(at::kDouble).to(at::kCPU);
    if (cosines.numel() == 0) {
      for (int percent : percents) probe.note("sample_angle_p" + std::to_string(percent), l, std::nan(""));
      continue;
    }
    const at::Tensor sorted = std::get<0>(cosines.clamp(-1, 1).acos().mul_(180 / std::numbers::pi).sort());
    const double last = static_cast<double>(sorted.size(0) - 1);
    for (int percent : percents) {
      const double place = last * percent / 100;
      const auto below = static_cast<std::int64_t>(place);
      const double share = place - static_cast<double>(below);
      const double low = sorted[below].item<double>();
      const double high = sorted[std::min<std::int64_t>(below + 1, sorted.size(0) - 1)].item<double>();
      probe.note("sample_angle_p" + std::to_string(percent), l, low + share * (high - low));
    }
  }
}

}  // namespace grapevine
