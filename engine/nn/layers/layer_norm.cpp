#include "engine/nn/layers/layer_norm.h"

#include "engine/nn/layer_entry.h"
#include "engine/nn/norm_parameters.h"

namespace grapevine {
namespace {

/// The same over the last axis of each sample; no state.
class LayerNorm : public Layer {
 public:
  explicit LayerNorm(const LayerSpec& spec) : features_(spec.features), eps_(spec.eps) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor parameter_tangent(const ParameterBuffer& direction, Tape& tape) const override;
  bool has_parameters() const override { return true; }

 private:
  std::int64_t features_;
  double eps_;
  int weight_slot_ = -1, bias_slot_ = -1;
  at::Tensor weight_, bias_;
};

void LayerNorm::enlist(Registration& registration, const std::string& path) {
  enlist_pair(registration, path, features_, weight_slot_, bias_slot_);
}

void LayerNorm::bind(const ParameterBuffer& values) {
  weight_ = values[weight_slot_];
  bias_ = values[bias_slot_];
}

// Tape: saved[0] mean, saved[1] 1/√(variance + eps), of each row.
at::Tensor LayerNorm::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  auto [y, mean, invstd] = at::native_layer_norm(h, at::IntArrayRef{features_}, weight_, bias_, eps_);
  tape.saved = {mean, invstd};
  return y;
}

at::Tensor LayerNorm::tangent(const at::Tensor& h_dot, Tape& tape) const {
  at::Tensor normalised = std::get<0>(at::native_layer_norm_backward(
      h_dot.contiguous(), tape.input, at::IntArrayRef{features_}, tape.saved[0], tape.saved[1],
      at::ones_like(weight_), at::zeros_like(bias_), {true, false, false}));
  return normalised.mul_(weight_);
}

at::Tensor LayerNorm::parameter_tangent(const ParameterBuffer& direction, Tape& tape) const {
  const at::Tensor normalised = (tape.input - tape.saved[0]).mul_(tape.saved[1]);
  return normalised * direction[weight_slot_] + direction[bias_slot_];
}

at::Tensor LayerNorm::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  const bool with_gradients = request.gradients != nullptr;
  auto [dh, grad_weight, grad_bias] = at::native_layer_norm_backward(
      dy.contiguous(), tape.input, at::IntArrayRef{features_}, tape.saved[0], tape.saved[1], weight_, bias_,
      {request.input_gradient, with_gradients, with_gradients});
  if (with_gradients) {
    (*request.gradients)[weight_slot_].copy_(grad_weight);
    (*request.gradients)[bias_slot_].copy_(grad_bias);
  }
  return request.input_gradient ? dh : at::Tensor();
}

void measure(const LayerSpec& layer, const Site& site) {
  site.need_features(layer, layer.features);
  site.cost.parameters += 2 * layer.features;
}

void infer(LayerSpec& layer, const Site& site, KnownSizes&) {
  if (layer.features == 0) layer.features = site.shape.back();
}

std::string in_words(const LayerSpec&) {
  return "layer norm";
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.features > 0, "features must be at least 1");
  return std::make_unique<LayerNorm>(layer);
}

}  // namespace

LayerEntry layer_entry_layer_norm() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words};
}

}  // namespace grapevine
