#include "engine/nn/layers/avg_pool2d.h"

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

class AvgPool2d : public Layer {
 public:
  explicit AvgPool2d(const LayerSpec& spec) : kernel_(spec.kernel), stride_(spec.stride) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  std::int64_t kernel_, stride_;
};

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

void measure(const LayerSpec& layer, const Site& site) {
  site.need_image(layer);
  site.slide_window(layer);
}

std::string in_words(const LayerSpec& layer) {
  return "average pool " + std::to_string(layer.kernel);
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.kernel > 0 && layer.stride > 0, "kernel and stride must be at least 1");
  return std::make_unique<AvgPool2d>(layer);
}

}  // namespace

LayerEntry layer_entry_avg_pool2d() {
  return {.make = make, .measure = measure, .describe = in_words};
}

}  // namespace grapevine
