#include "engine/inspection/plain_segment.h"

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

at::Tensor on_host(const at::Tensor& tensor) {
  return tensor.detach().to(at::kCPU, at::kDouble).contiguous();
}

}  // namespace

std::optional<PlainSegment> read_plain_segment(const Network& network, int l, NetworkTape& tape) {
  const auto at = static_cast<std::size_t>(l - 1);
  const SegmentSpec& spec = network.spec().segments[at];
  std::optional<std::size_t> linear;
  PlainSegment segment;
  for (std::size_t i = 0; i < spec.size(); ++i) {
    const LayerKind kind = spec[i].kind;
    if (kind == LayerKind::linear && !linear)
      linear = i;
    else if (linear && layer_entry(kind).features == Features::alone)
      segment.activation += (segment.activation.empty() ? "" : ", then ") + std::string(layer_name(kind));
    else if (linear || kind != LayerKind::flatten)
      return std::nullopt;
  }
  if (!linear) return std::nullopt;
  const at::Tensor& input = l == 1 ? tape.input : tape.outputs[at - 1];
  const std::string name = std::to_string(l) + "." + std::to_string(*linear);
  segment.weight_slot = network.layout().slot(name + ".weight");
  segment.bias_slot = network.layout().slot(name + ".bias");
  segment.weight = on_host(network.values()[segment.weight_slot]);
  segment.input = on_host(input.flatten(1));
  if (segment.input.size(1) != segment.weight.size(1)) return std::nullopt;  // tokens
  segment.bias = segment.bias_slot >= 0 ? on_host(network.values()[segment.bias_slot])
                                        : at::zeros({segment.weight.size(0)}, segment.weight.options());
  at::Tensor slope = at::ones({input.size(0), segment.weight.size(0)}, input.options());
  for (std::size_t i = *linear + 1; i < spec.size(); ++i)
    slope = network.segment(l).layer(i).tangent(slope, tape.segments[at][i]);
  segment.slope = on_host(slope);
  return segment;
}

}  // namespace grapevine
