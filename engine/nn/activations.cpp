// Elementwise functions. tape.input is h, tape.output is σ(h).
#include "engine/nn/layers.h"

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

void Relu::apply(at::Tensor& y, const at::Tensor& h) const {
  at::clamp_min_out(y, h, 0);
}
void Relu::scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const {
  at::threshold_backward_out(out, v, tape.output, 0);
}

void Tanh::apply(at::Tensor& y, const at::Tensor& h) const {
  at::tanh_out(y, h);
}
void Tanh::scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const {
  at::tanh_backward_out(out, v, tape.output);
}

void Sigmoid::apply(at::Tensor& y, const at::Tensor& h) const {
  at::sigmoid_out(y, h);
}
void Sigmoid::scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const {
  at::sigmoid_backward_out(out, v, tape.output);
}

void Gelu::apply(at::Tensor& y, const at::Tensor& h) const {
  at::gelu_out(y, h);
}
void Gelu::scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const {
  at::gelu_backward_out(out, v, tape.input);
}

}  // namespace grapevine
