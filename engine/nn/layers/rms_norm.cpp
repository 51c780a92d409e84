#include "engine/nn/layers/rms_norm.h"

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

/// y = h/√(mean h² + eps) over all features of a sample; no parameters. Its Jacobian s(I − y yᵀ/n) is
/// symmetric: tangent and adjoint are one map.
class RmsNorm : public Layer {
 public:
  explicit RmsNorm(const LayerSpec& spec) : eps_(spec.eps) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  double eps_;
};

// Tape: saved[0] y as N×n, saved[1] 1/√(mean h² + eps), N×1.
at::Tensor RmsNorm::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  const at::Tensor rows = h.flatten(1);
  const at::Tensor scale = rows.square().mean(1, true).add_(eps_).rsqrt_();
  tape.saved = {rows * scale, scale};
  return tape.saved[0].view(h.sizes());
}

at::Tensor RmsNorm::tangent(const at::Tensor& h_dot, Tape& tape) const {
  const at::Tensor rows = h_dot.flatten(1);
  const at::Tensor along = (rows * tape.saved[0]).mean(1, true);
  return (rows - tape.saved[0] * along).mul_(tape.saved[1]).view(h_dot.sizes());
}

at::Tensor RmsNorm::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  return request.input_gradient ? tangent(dy, tape) : at::Tensor();
}

std::string in_words(const LayerSpec&) {
  return "scale to unit mean square";
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  return std::make_unique<RmsNorm>(layer);
}

}  // namespace

LayerEntry layer_entry_rms_norm() {
  return {.make = make, .describe = in_words, .features = Features::kept, .mixes_tokens = true};
}

}  // namespace grapevine
