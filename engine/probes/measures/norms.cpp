#include "engine/probes/measures/norms.h"

#include "engine/probes/probe_context.h"

namespace grapevine {

void measure_norms(ProbeContext& probe) {
  const Network& network = probe.network;
  const auto norm = [](const at::Tensor& t) { return at::linalg_vector_norm(t).item<double>(); };
  for (int l = 1; l <= network.segments(); ++l)
    probe.note("norm_weights", l, norm(network.values().segment(network.layout(), l)));
  for (int l = 1; l <= network.points(); ++l) {
    const std::size_t i = point_index(l);
    if (i < probe.own_signals().size())
      probe.note("norm_signal", l, norm(network.rows(l, probe.own_signals()[i])));
    if (probe.rule.feedback())
      probe.note("norm_feedback", l,
                 probe.rule.structure(i).norm((*probe.rule.feedback())[i]).item<double>());
    const at::Tensor h = network.rows(l, probe.lesson.tape.outputs[i]);
    probe.note("activation_mean", l, h.mean().item<double>());
    probe.note("activation_spread", l, h.std(false).item<double>());
    probe.note("activation_zeros", l, h.eq(0).to(at::kDouble).mean().item<double>());
  }
}

}  // namespace grapevine
