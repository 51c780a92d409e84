#include "engine/nn/layers/residual.h"

#include "engine/nn/layer_entry.h"
#include "engine/nn/two_ways.h"

namespace grapevine {
namespace {

/// y = body(h) + shortcut(h); an empty shortcut is the identity.
class Residual : public TwoWays {
 public:
  using TwoWays::TwoWays;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                           Tape& tape) const override;
};

at::Tensor Residual::forward(const at::Tensor& h, Tape& tape, const Pass& pass) {
  const at::Tensor y = body_.forward(h, tape.body, pass);
  const at::Tensor s = shortcut_.forward(h, tape.shortcut, pass);
  return at::add_out(workspace(tape.output, y.sizes(), y), y, s);
}

at::Tensor Residual::tangent(const at::Tensor& h_dot, Tape& tape) const {
  const at::Tensor y = body_.tangent(h_dot, tape.body);
  const at::Tensor s = shortcut_.tangent(h_dot, tape.shortcut);
  return at::add_out(workspace(tape.tangent, y.sizes(), y), y, s);
}

at::Tensor Residual::joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                                   Tape& tape) const {
  const at::Tensor y = body_.joint_tangent(h_dot, direction, tape.body);
  const at::Tensor s = shortcut_.joint_tangent(h_dot, direction, tape.shortcut);
  if (!y.defined() || !s.defined()) return y.defined() ? y : s;
  return y + s;
}

at::Tensor Residual::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  const at::Tensor through_body = body_.adjoint(dy, tape.body, request);
  const at::Tensor through_shortcut = shortcut_.adjoint(dy, tape.shortcut, request);
  if (!request.input_gradient) return {};
  return at::add_out(workspace(tape.input_gradient, through_body.sizes(), through_body), through_body,
                     through_shortcut);
}

void measure(const LayerSpec& layer, const Site& site) {
  Shape side = site.shape;
  site.walk(layer.body, "body", site.shape);
  site.walk(layer.shortcut, "shortcut", side);
  if (site.shape != side)
    site.misfit(layer, "a body and a shortcut of one shape (" + show(site.shape) + ")", side);
}

void infer(LayerSpec& layer, const Site& site, KnownSizes& known) {
  Shape body = site.shape, side = site.shape;
  site.infer(layer.body, "body", body, known);
  site.infer(layer.shortcut, "shortcut", side, known);
}

std::string in_words(const LayerSpec& layer) {
  return "residual (" + describe(layer.body) + ")";
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  return std::make_unique<Residual>(layer);
}

}  // namespace

LayerEntry layer_entry_residual() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words};
}

}  // namespace grapevine
