#include "engine/nn/layers/sample_layer.h"

#include "engine/nn/activation.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

class SampleLayer : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override { at::div_out(y, h, h.abs().add_(1)); }
  /// σ'(h) = 1 / (1 + |h|)² = (1 − |σ(h)|)².
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override {
    at::mul_out(out, v, tape.output.abs().neg_().add_(1).square_());
  }
};

std::unique_ptr<Layer> make(const LayerSpec&) {
  return std::make_unique<SampleLayer>();
}

}  // namespace

LayerEntry layer_entry_sample_layer() {
  return {.make = make};
}

}  // namespace grapevine
