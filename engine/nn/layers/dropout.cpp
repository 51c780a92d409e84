#include "engine/nn/layers/dropout.h"

#include <functional>

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

/// y = m ⊙ h, m the mask of this step; the identity where the pass has no dropout.
class Dropout : public Layer {
 public:
  explicit Dropout(const LayerSpec& spec) : rate_(spec.rate) {}
  void enlist(Registration& registration, const std::string& path) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  double rate_;
  std::uint64_t identity_ = 0;  ///< of the layer in its network: two dropouts draw different masks
};

void Dropout::enlist(Registration&, const std::string& path) {
  identity_ = std::hash<std::string>{}(path);
}

// Tape: saved[0] the mask, or nothing when the layer is the identity in this pass.
at::Tensor Dropout::forward(const at::Tensor& h, Tape& tape, const Pass& pass) {
  if (!pass.dropout || rate_ == 0) {
    tape.saved.clear();
    return h;
  }
  tape.saved.resize(1);
  at::Tensor& mask = workspace(tape.saved[0], h.sizes(), h);
  fill_dropout_mask(mask, pass.dropout_key.with(identity_), rate_);
  return at::mul_out(workspace(tape.output, h.sizes(), h), h, mask);
}

at::Tensor Dropout::tangent(const at::Tensor& h_dot, Tape& tape) const {
  if (tape.saved.empty()) return h_dot;
  return at::mul_out(workspace(tape.tangent, h_dot.sizes(), h_dot), h_dot, tape.saved[0]);
}

at::Tensor Dropout::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  if (!request.input_gradient) return {};
  if (tape.saved.empty()) return dy;
  return at::mul_out(workspace(tape.input_gradient, dy.sizes(), dy), dy, tape.saved[0]);
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.rate >= 0 && layer.rate < 1, "rate must be at least 0 and below 1");
  return std::make_unique<Dropout>(layer);
}

}  // namespace

LayerEntry layer_entry_dropout() {
  return {.make = make, .features = Features::alone};
}

}  // namespace grapevine
