#include "engine/nn/layers/subsample_pad.h"

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

/// Option A of residual networks (He et al. 2016): every stride-th pixel, channels padded with zeros on both
/// sides from `in` to `out`.
class SubsamplePad : public Layer {
 public:
  explicit SubsamplePad(const LayerSpec& spec) : in_(spec.in), out_(spec.out), stride_(spec.stride) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  at::Tensor map(const at::Tensor& h) const;
  std::int64_t in_, out_, stride_;
};

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

void measure(const LayerSpec& layer, const Site& site) {
  site.need_image(layer, layer.in);
  const auto kept = [&](std::int64_t side) { return (side - 1) / layer.stride + 1; };
  site.shape = {layer.out, kept(site.shape[1]), kept(site.shape[2])};
}

void infer(LayerSpec& layer, const Site& site, KnownSizes&) {
  site.need_image(layer);
  if (layer.in == 0) layer.in = site.shape.front();
  if (layer.out < layer.in) site.misfit(layer, "no more than out=" + std::to_string(layer.out) + " channels");
}

std::string in_words(const LayerSpec& layer) {
  return "every " + std::to_string(layer.stride) + ". pixel, zeros to " + std::to_string(layer.out);
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.in > 0 && layer.out >= layer.in && layer.stride > 0,
         "out must be at least in, stride at least 1");
  return std::make_unique<SubsamplePad>(layer);
}

}  // namespace

LayerEntry layer_entry_subsample_pad() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words};
}

}  // namespace grapevine
