#include "engine/nn/layers/gelu.h"

#include "engine/nn/activation.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

/// x Φ(x), the exact form.
class Gelu : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override;
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override;
};

void Gelu::apply(at::Tensor& y, const at::Tensor& h) const {
  at::gelu_out(y, h);
}

void Gelu::scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const {
  at::gelu_backward_out(out, v, tape.input);
}

std::unique_ptr<Layer> make(const LayerSpec&) {
  return std::make_unique<Gelu>();
}

}  // namespace

LayerEntry layer_entry_gelu() {
  return {.make = make, .features = Features::alone};
}

}  // namespace grapevine
