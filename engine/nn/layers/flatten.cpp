#include "engine/nn/layers/flatten.h"

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

/// N×… ↦ N×features.
class Flatten : public Layer {
 public:
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
};

at::Tensor Flatten::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  return h.flatten(1);
}

at::Tensor Flatten::tangent(const at::Tensor& h_dot, Tape&) const {
  return h_dot.flatten(1);
}

at::Tensor Flatten::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  return request.input_gradient ? dy.reshape(tape.input.sizes()) : at::Tensor();
}

void measure(const LayerSpec&, const Site& site) {
  site.shape = {product(site.shape)};
}

std::unique_ptr<Layer> make(const LayerSpec&) {
  return std::make_unique<Flatten>();
}

}  // namespace

LayerEntry layer_entry_flatten() {
  return {.make = make, .measure = measure, .features = Features::kept, .mixes_tokens = true};
}

}  // namespace grapevine
