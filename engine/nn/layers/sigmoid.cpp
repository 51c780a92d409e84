#include "engine/nn/layers/sigmoid.h"

#include "engine/nn/activation.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

class Sigmoid : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override;
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override;
};

void Sigmoid::apply(at::Tensor& y, const at::Tensor& h) const {
  at::sigmoid_out(y, h);
}

void Sigmoid::scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const {
  at::sigmoid_backward_out(out, v, tape.output);
}

std::unique_ptr<Layer> make(const LayerSpec&) {
  return std::make_unique<Sigmoid>();
}

}  // namespace

LayerEntry layer_entry_sigmoid() {
  return {.make = make, .features = Features::alone};
}

}  // namespace grapevine
