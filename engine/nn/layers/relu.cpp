#include "engine/nn/layers/relu.h"

#include "engine/nn/activation.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

class Relu : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override;
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override;
};

void Relu::apply(at::Tensor& y, const at::Tensor& h) const {
  at::clamp_min_out(y, h, 0);
}

void Relu::scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const {
  at::threshold_backward_out(out, v, tape.output, 0);
}

std::unique_ptr<Layer> make(const LayerSpec&) {
  return std::make_unique<Relu>();
}

}  // namespace

LayerEntry layer_entry_relu() {
  return {.make = make, .features = Features::alone};
}

}  // namespace grapevine
