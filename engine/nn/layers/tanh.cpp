#include "engine/nn/layers/tanh.h"

#include "engine/nn/activation.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

class Tanh : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override;
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override;
};

void Tanh::apply(at::Tensor& y, const at::Tensor& h) const {
  at::tanh_out(y, h);
}

void Tanh::scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const {
  at::tanh_backward_out(out, v, tape.output);
}

std::unique_ptr<Layer> make(const LayerSpec&) {
  return std::make_unique<Tanh>();
}

}  // namespace

LayerEntry layer_entry_tanh() {
  return {.make = make, .features = Features::alone};
}

}  // namespace grapevine
