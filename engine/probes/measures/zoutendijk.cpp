#include "engine/probes/measures/zoutendijk.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_zoutendijk(ProbeContext& probe) {
  const auto [d, g] = probe.gradients_to(probe.network.segments());
  const double along = at::dot(g, d).item<double>(), square = at::dot(d, d).item<double>();
  const double term = square > 0 ? along * along / square : 0;
  ProbePast& past = probe.past();
  auto& numbers = past.numbers;
  const double now = static_cast<double>(past.step);
  if (numbers.count("zoutendijk/sum") == 0) {
    numbers["zoutendijk/sum"] = 0;
  } else {
    const double steps = now - numbers["zoutendijk/step"];
    numbers["zoutendijk/sum"] += steps * (numbers["zoutendijk/term"] + term) / 2;
  }
  numbers["zoutendijk/step"] = now;
  numbers["zoutendijk/term"] = term;
  probe.note("zoutendijk", 0, numbers["zoutendijk/sum"]);
}

}  // namespace grapevine
