#include "engine/nn/layers/max_pool2d.h"

#include <ATen/Dispatch.h>

#include "engine/nn/host_kernels.h"
#include "engine/nn/layer_entry.h"
#include "engine/nn/share_out.h"

namespace grapevine {
namespace {

std::int64_t planes_in(const at::Tensor& h) {
  return h.size(0) * h.size(1);
}

bool chosen_on_host(const Tape& tape) {
  return tape.saved[0].scalar_type() == at::kByte;
}

/// Largest value of each window; tangent and adjoint follow the choices that forward made.
class MaxPool2d : public Layer {
 public:
  explicit MaxPool2d(const LayerSpec& spec) : kernel_(spec.kernel), stride_(spec.stride) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  std::int64_t kernel_, stride_;
};

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

void measure(const LayerSpec& layer, const Site& site) {
  site.need_image(layer);
  site.slide_window(layer);
}

std::string in_words(const LayerSpec& layer) {
  return "max pool " + std::to_string(layer.kernel);
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.kernel > 0 && layer.stride > 0, "kernel and stride must be at least 1");
  return std::make_unique<MaxPool2d>(layer);
}

}  // namespace

LayerEntry layer_entry_max_pool2d() {
  return {.make = make, .measure = measure, .describe = in_words};
}

}  // namespace grapevine
