#include "engine/probes/pre_activation.h"

#include "engine/nn/activation.h"
#include "engine/nn/fork_body.h"

namespace grapevine {
namespace {

/// The layers that end at a point, and what the forward pass left of them.
struct EndOfSegment {
  const Chain* layers;
  std::vector<Tape>* tapes;
  at::Tensor output;
};

EndOfSegment end_of(const ProbeContext& probe, int point) {
  const Chain& segment = probe.network.segment(point);
  std::vector<Tape>& tapes = probe.lesson.tape.segments[point_index(point)];
  EndOfSegment end{&segment, &tapes, probe.lesson.tape.outputs[point_index(point)]};
  if (segment.size() == 0) return end;
  if (const Chain* part = body_of_fork(segment.layer(segment.size() - 1)))
    end = {part, &tapes.back().body, tapes.back().saved.front()};
  return end;
}

/// -1 where there is none, or parameters behind it.
int last_activation(const Chain& layers) {
  for (int i = static_cast<int>(layers.size()) - 1; i >= 0; --i) {
    const Layer& layer = layers.layer(static_cast<std::size_t>(i));
    if (dynamic_cast<const Activation*>(&layer)) return i;
    if (layer.has_parameters()) return -1;
  }
  return -1;
}

/// Rows of samples, or of a text's tokens.
at::Tensor as_rows(const ProbeContext& probe, const at::Tensor& state) {
  return probe.network.spec().words > 0 ? state.reshape({-1, state.size(-1)}) : state.flatten(1);
}

}  // namespace

std::optional<PreActivationSignals> signals_at_pre_activation(const ProbeContext& probe, int point) {
  const EndOfSegment end = end_of(probe, point);
  const int first = last_activation(*end.layers);
  if (first < 0) return std::nullopt;
  const auto taken_down = [&](const at::Tensor& signal) {
    at::Tensor delta = signal.reshape(end.output.sizes());
    for (int i = static_cast<int>(end.layers->size()) - 1; i >= first; --i) {
      const auto at = static_cast<std::size_t>(i);
      Tape scratch = (*end.tapes)[at];
      scratch.input_gradient = at::Tensor();  // BP's signals may lie in the tape's own
      delta = end.layers->layer(at).adjoint(delta, scratch, {});
    }
    return as_rows(probe, delta);
  };
  return PreActivationSignals{taken_down(probe.own_signal(point)), taken_down(probe.bp_signal(point))};
}

}  // namespace grapevine
