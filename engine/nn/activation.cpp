#include "engine/nn/activation.h"

namespace grapevine {

at::Tensor Activation::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  at::Tensor& y = workspace(tape.output, h.sizes(), h);
  apply(y, h);
  return y;
}

at::Tensor Activation::tangent(const at::Tensor& h_dot, Tape& tape) const {
  at::Tensor& out = workspace(tape.tangent, h_dot.sizes(), h_dot);
  scale(out, h_dot, tape);
  return out;
}

at::Tensor Activation::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  if (!request.input_gradient) return {};
  at::Tensor& out = workspace(tape.input_gradient, dy.sizes(), dy);
  scale(out, dy, tape);
  return out;
}

}  // namespace grapevine
