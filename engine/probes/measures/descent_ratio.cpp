#include "engine/probes/measures/descent_ratio.h"

#include <cmath>

#include "engine/probes/probe_context.h"

namespace grapevine {

namespace {

/// Welford's: the mean of what came so far, and its standard error.
void note_mean(ProbeContext& probe, double value) {
  auto& numbers = probe.past().numbers;
  const double n = ++numbers["descent_ratio/count"], from_mean = value - numbers["descent_ratio/mean"];
  const double mean = numbers["descent_ratio/mean"] += from_mean / n;
  const double squares = numbers["descent_ratio/squares"] += from_mean * (value - mean);
  probe.note("descent_ratio_mean", 0, mean);
  if (n > 1) probe.note("descent_ratio_mean_error", 0, std::sqrt(squares / (n - 1) / n));
}

}  // namespace

void measure_descent_ratio(ProbeContext& probe) {
  const auto [d, g] = probe.gradients_to(probe.network.segments());
  const double square = at::dot(g, g).item<double>();
  const bool vanishes = std::sqrt(square) < vanishing_gradient;
  const double ratio = vanishes ? std::nan("") : at::dot(g, d).item<double>() / square;
  probe.note("descent_ratio", 0, ratio);
  if (!vanishes) note_mean(probe, ratio);
}

}  // namespace grapevine
