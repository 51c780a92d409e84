// Layers without parameters that move numbers about: pools, flatten, dropout, and the residual sum.
#include <ATen/Dispatch.h>

#include <functional>

#include "engine/nn/host_kernels.h"
#include "engine/nn/layers.h"
#include "engine/nn/share_out.h"

namespace grapevine {

namespace {

std::int64_t planes_in(const at::Tensor& h) {
  return h.size(0) * h.size(1);
}

bool chosen_on_host(const Tape& tape) {
  return tape.saved[0].scalar_type() == at::kByte;
}

}  // namespace

// Tape: saved[0] the chosen positions: bytes within the window on the host, else LibTorch's.
at::Tensor MaxPool2d::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  const Windows windows{h.size(2), h.size(3), kernel_, stride_};
  if (!runs_on_host(h) || !windows.fits()) {
    auto [y, indices] = at::max_pool2d_with_indices(h, {kernel_, kernel_}, {stride_, stride_});
    tape.saved = {indices};
    return y;
  }
  TORCH_CHECK(h.size(2) >= kernel_ && h.size(3) >= kernel_, "max_pool2d: a window of ", kernel_, "×", kernel_,
              " does not fit in ", h.size(2), "×", h.size(3));
  tape.saved.resize(1);
  const std::vector<std::int64_t> shape{h.size(0), h.size(1), windows.rows(), windows.columns()};
  at::Tensor& y = workspace(tape.output, shape, h);
  at::Tensor& choice = tape.saved[0];
  if (!choice.defined() || choice.sizes() != y.sizes() || !chosen_on_host(tape))
    choice = at::empty(shape, h.options().dtype(at::kByte));
  const std::int64_t from = windows.height * windows.width, to = windows.rows() * windows.columns();
  AT_DISPATCH_FLOATING_TYPES(h.scalar_type(), "max_pool", [&] {
    const scalar_t* source = h.data_ptr<scalar_t>();
    scalar_t* target = y.data_ptr<scalar_t>();
    std::uint8_t* chosen = choice.data_ptr<std::uint8_t>();
    share_out(planes_in(h), windows.height * windows.width, [&](std::int64_t p) {
      pool_plane(source + p * from, target + p * to, chosen + p * to, windows);
    });
  });
  return y;
}

at::Tensor MaxPool2d::tangent(const at::Tensor& h_dot, Tape& tape) const {
  const at::Tensor& choice = tape.saved[0];
  if (!chosen_on_host(tape)) return h_dot.flatten(2).gather(2, choice.flatten(2)).view(choice.sizes());
  TORCH_CHECK(h_dot.sizes() == tape.input.sizes(), "max_pool2d: a tangent of another shape than the input");
  const at::Tensor v = h_dot.contiguous();
  at::Tensor& out = workspace(tape.tangent, choice.sizes(), v);
  const Windows windows{v.size(2), v.size(3), kernel_, stride_};
  const std::int64_t from = windows.height * windows.width, to = windows.rows() * windows.columns();
  AT_DISPATCH_FLOATING_TYPES(v.scalar_type(), "max_pool", [&] {
    const scalar_t* source = v.data_ptr<scalar_t>();
    scalar_t* target = out.data_ptr<scalar_t>();
    const std::uint8_t* chosen = choice.data_ptr<std::uint8_t>();
    share_out(planes_in(v), windows.height * windows.width, [&](std::int64_t p) {
      gather_plane(source + p * from, chosen + p * to, target + p * to, windows);
    });
  });
  return out;
}

at::Tensor MaxPool2d::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  if (!request.input_gradient) return {};
  const at::Tensor& h = tape.input;
  if (!chosen_on_host(tape))
    return at::max_pool2d_with_indices_backward(dy, h, {kernel_, kernel_}, {stride_, stride_}, {0, 0}, {1, 1},
                                                false, tape.saved[0]);
  TORCH_CHECK(dy.sizes() == tape.saved[0].sizes(), "max_pool2d: an adjoint of another shape than the output");
  const at::Tensor v = dy.contiguous();
  at::Tensor& out = workspace(tape.input_gradient, h.sizes(), v);
  const Windows windows{h.size(2), h.size(3), kernel_, stride_};
  const std::int64_t from = windows.rows() * windows.columns(), to = windows.height * windows.width;
  AT_DISPATCH_FLOATING_TYPES(v.scalar_type(), "max_pool", [&] {
    const scalar_t* source = v.data_ptr<scalar_t>();
    scalar_t* target = out.data_ptr<scalar_t>();
    const std::uint8_t* chosen = tape.saved[0].data_ptr<std::uint8_t>();
    share_out(planes_in(h), windows.height * windows.width, [&](std::int64_t p) {
      scatter_plane(source + p * from, chosen + p * from, target + p * to, windows);
    });
  });
  return out;
}

at::Tensor AvgPool2d::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  return at::avg_pool2d(h, {kernel_, kernel_}, {stride_, stride_});
}

at::Tensor AvgPool2d::tangent(const at::Tensor& h_dot, Tape&) const {
  return at::avg_pool2d(h_dot, {kernel_, kernel_}, {stride_, stride_});
}

at::Tensor AvgPool2d::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  if (!request.input_gradient) return {};
  return at::avg_pool2d_backward(dy, tape.input, {kernel_, kernel_}, {stride_, stride_}, {0, 0}, false, true,
                                 c10::nullopt);
}

at::Tensor SubsamplePad::map(const at::Tensor& h) const {
  const std::int64_t before = (out_ - in_) / 2;
  const at::Tensor taken = h.slice(2, 0, h.size(2), stride_).slice(3, 0, h.size(3), stride_);
  return at::constant_pad_nd(taken, {0, 0, 0, 0, before, out_ - in_ - before});
}
at::Tensor SubsamplePad::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  return map(h);
}
at::Tensor SubsamplePad::tangent(const at::Tensor& h_dot, Tape&) const {
  return map(h_dot);
}
at::Tensor SubsamplePad::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  if (!request.input_gradient) return {};
  at::Tensor dh = at::zeros_like(tape.input);
  dh.slice(2, 0, dh.size(2), stride_)
      .slice(3, 0, dh.size(3), stride_)
      .copy_(dy.narrow(1, (out_ - in_) / 2, in_));
  return dh;
}

at::Tensor Flatten::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  return h.flatten(1);
}
at::Tensor Flatten::tangent(const at::Tensor& h_dot, Tape&) const {
  return h_dot.flatten(1);
}
at::Tensor Flatten::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  return request.input_gradient ? dy.reshape(tape.input.sizes()) : at::Tensor();
}

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

void Residual::enlist(Registration& registration, const std::string& path) {
  body_.enlist(registration, path + ".body.");
  shortcut_.enlist(registration, path + ".shortcut.");
}
void Residual::bind(const ParameterBuffer& values) {
  body_.bind(values);
  shortcut_.bind(values);
}
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
at::Tensor Residual::induced_tangent(RandomKey key, Tape& tape) const {
  const at::Tensor through_body = body_.induced_tangent(key.with(1), tape.body);
  const at::Tensor through_shortcut = shortcut_.induced_tangent(key.with(2), tape.shortcut);
  if (!through_body.defined()) return through_shortcut;
  return through_shortcut.defined() ? through_body + through_shortcut : through_body;
}
void Residual::weight_slots(std::vector<int>& slots) const {
  body_.weight_slots(slots);
  shortcut_.weight_slots(slots);
}

}  // namespace grapevine
