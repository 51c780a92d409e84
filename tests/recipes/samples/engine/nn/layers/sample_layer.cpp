#include "engine/nn/layers/sample_layer.h"

#include "engine/nn/activation.h"
#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

class SampleLayer : public Activation {
 public:
  explicit SampleLayer(const LayerSpec& spec) : softness_(spec.softness) {}

 private:
  void apply(at::Tensor& y, const at::Tensor& h) const override {
    at::div_out(y, h, h.abs().add_(softness_));
  }
  /// σ'(h) = s / (s + |h|)² = (1 − |σ(h)|)² / s, where s is the softness.
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override {
    at::mul_out(out, v, tape.output.abs().neg_().add_(1).square_().div_(softness_));
  }

  double softness_;
};

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  return std::make_unique<SampleLayer>(layer);
}

}  // namespace

LayerEntry layer_entry_sample_layer() {
  return {.make = make, .features = Features::alone};
}

}  // namespace grapevine
