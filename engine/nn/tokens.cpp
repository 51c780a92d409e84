// What turns token numbers into rows of features: embedding and sinusoidal positions.
#include <cmath>

#include "engine/nn/layers.h"

namespace grapevine {

void Embedding::enlist(Registration& registration, const std::string& path) {
  weight_slot_ = registration.layout.add(
      {path + ".weight", ParameterRole::words, {words_, out_}, 0, 0, words_, out_, registration.segment});
}

at::Tensor Embedding::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  return at::embedding(weight_, h).mul_(std::sqrt(static_cast<double>(out_)));
}

// Token numbers don't move.
at::Tensor Embedding::tangent(const at::Tensor&, Tape& tape) const {
  std::vector<std::int64_t> shape = tape.input.sizes().vec();
  shape.push_back(out_);
  return at::zeros(shape, weight_.options());
}

at::Tensor Embedding::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  if (request.gradients) {
    at::Tensor gradient = (*request.gradients)[weight_slot_];
    at::mul_out(gradient, at::embedding_dense_backward(dy.contiguous(), tape.input, words_, -1, false),
                at::scalar_tensor(std::sqrt(static_cast<double>(out_)), dy.options()));
  }
  return {};
}

at::Tensor Embedding::parameter_tangent(const ParameterBuffer& direction, Tape& tape) const {
  return at::embedding(direction[weight_slot_], tape.input).mul_(std::sqrt(static_cast<double>(out_)));
}

// Tape: saved[0] the T×d table, kept while the shape stays.
at::Tensor Positions::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  const std::int64_t tokens = h.size(-2), features = h.size(-1);
  tape.saved.resize(1);
  at::Tensor& table = tape.saved[0];
  if (!table.defined() || table.size(0) != tokens || table.size(1) != features) {
    const at::TensorOptions f64 = h.options().dtype(at::kDouble);
    const at::Tensor column = at::arange(features, f64);
    const at::Tensor pair = (column / 2).floor() * 2;
    const at::Tensor angle = at::arange(tokens, f64).unsqueeze(1) *
                             (pair * (-std::log(10000.0) / static_cast<double>(features))).exp();
    table = at::where(column.remainder(2).eq(0), angle.sin(), angle.cos()).to(h.scalar_type());
  }
  return at::add_out(workspace(tape.output, h.sizes(), h), h, table);
}

}  // namespace grapevine
