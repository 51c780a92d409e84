#include "engine/nn/layers/conv2d.h"

#include <cmath>

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

/// y = W ∗ h + b, square kernel; W out×in×k×k, h N×in×H×W. The tangent is the same convolution of ḣ without
/// b.
class Conv2d : public Layer {
 public:
  explicit Conv2d(const LayerSpec& spec) : spec_(spec) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor induced_tangent(RandomKey key, Tape& tape) const override;
  at::Tensor parameter_tangent(const ParameterBuffer& direction, Tape& tape) const override;
  void visit_weights(Tape& tape, const WeightVisitor& sink) const override {
    sink(*this, weight_slot_, tape);
  }
  bool has_parameters() const override { return true; }
  void weight_slots(std::vector<int>& slots) const override { slots.push_back(weight_slot_); }

 private:
  at::Tensor convolve(const at::Tensor& h, const at::Tensor& weight, const at::Tensor& bias) const;
  LayerSpec spec_;
  int weight_slot_ = -1, bias_slot_ = -1;
  at::Tensor weight_, bias_;
};

void Conv2d::enlist(Registration& registration, const std::string& path) {
  const std::int64_t window = spec_.kernel * spec_.kernel;
  weight_slot_ = registration.layout.add({path + ".weight",
                                          ParameterRole::weight,
                                          {spec_.out, spec_.in, spec_.kernel, spec_.kernel},
                                          0,
                                          0,
                                          spec_.in * window,
                                          spec_.out * window,
                                          registration.segment});
  if (spec_.bias)
    bias_slot_ = registration.layout.add({path + ".bias",
                                          ParameterRole::bias,
                                          {spec_.out},
                                          0,
                                          0,
                                          spec_.in * window,
                                          spec_.out * window,
                                          registration.segment});
}

void Conv2d::bind(const ParameterBuffer& values) {
  weight_ = values[weight_slot_];
  if (spec_.bias) bias_ = values[bias_slot_];
}

at::Tensor Conv2d::convolve(const at::Tensor& h, const at::Tensor& weight, const at::Tensor& bias) const {
  c10::optional<at::Tensor> maybe_bias;
  if (bias.defined()) maybe_bias = bias;
  return at::convolution(h, weight, maybe_bias, {spec_.stride, spec_.stride}, {spec_.padding, spec_.padding},
                         {1, 1}, false, {0, 0}, 1);
}

at::Tensor Conv2d::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  return convolve(h, weight_, bias_);
}

at::Tensor Conv2d::tangent(const at::Tensor& h_dot, Tape&) const {
  return convolve(h_dot, weight_, {});
}

at::Tensor Conv2d::parameter_tangent(const ParameterBuffer& direction, Tape& tape) const {
  return convolve(tape.input, direction[weight_slot_], spec_.bias ? direction[bias_slot_] : at::Tensor());
}

at::Tensor Conv2d::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  const std::vector<std::int64_t> stride{spec_.stride, spec_.stride}, padding{spec_.padding, spec_.padding};
  const auto backward = [&](const at::Tensor& weight, std::array<bool, 3> mask) {
    return at::convolution_backward(dy, tape.input, weight, at::IntArrayRef{spec_.out}, stride, padding,
                                    at::IntArrayRef{1, 1}, false, at::IntArrayRef{0, 0}, 1, mask);
  };
  const at::Tensor* transport = nullptr;
  if (request.transport && (*request.transport)[static_cast<std::size_t>(weight_slot_)].defined())
    transport = &(*request.transport)[static_cast<std::size_t>(weight_slot_)];

  const bool with_gradients = request.gradients != nullptr;
  const bool input_here = request.input_gradient && !transport;
  at::Tensor dh;
  if (with_gradients || input_here) {
    auto [d_input, d_weight, d_bias] =
        backward(weight_, {input_here, with_gradients, with_gradients && spec_.bias});
    dh = d_input;
    if (with_gradients) {
      (*request.gradients)[weight_slot_].copy_(d_weight);
      if (spec_.bias) (*request.gradients)[bias_slot_].copy_(d_bias);
    }
  }
  if (request.input_gradient && transport) dh = std::get<0>(backward(*transport, {true, false, false}));
  return request.input_gradient ? dh : at::Tensor();
}

// One weight change per sample is one group per sample of a grouped convolution.
at::Tensor Conv2d::induced_tangent(RandomKey key, Tape& tape) const {
  const at::Tensor& h = tape.input;
  const std::int64_t n = h.size(0), k = spec_.kernel;
  at::Tensor change = at::empty({n * spec_.out, spec_.in, k, k}, h.options());
  fill_gaussian(change, key);
  change.mul_(1 / std::sqrt(static_cast<double>(spec_.in * k * k)));
  const at::Tensor grouped =
      at::convolution(h.reshape({1, n * spec_.in, h.size(2), h.size(3)}), change, {},
                      {spec_.stride, spec_.stride}, {spec_.padding, spec_.padding}, {1, 1}, false, {0, 0}, n);
  return grouped.view({n, spec_.out, grouped.size(2), grouped.size(3)});
}

void measure(const LayerSpec& layer, const Site& site) {
  site.need_image(layer, layer.in);
  site.slide_window(layer);
  site.shape[0] = layer.out;
  const std::int64_t taps = layer.in * layer.kernel * layer.kernel;
  site.cost.multiply_adds += static_cast<double>(product(site.shape)) * static_cast<double>(taps);
  site.cost.parameters += taps * layer.out + (layer.bias ? layer.out : 0);
}

void infer(LayerSpec& layer, const Site& site, KnownSizes&) {
  site.need_image(layer);
  if (layer.in == 0) layer.in = site.shape.front();
}

std::string in_words(const LayerSpec& layer) {
  const std::string side = std::to_string(layer.kernel);
  return "conv " + side + "×" + side + " " + std::to_string(layer.in) + "→" + std::to_string(layer.out) +
         (layer.stride > 1 ? " stride " + std::to_string(layer.stride) : "");
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.in > 0 && layer.out > 0 && layer.kernel > 0, "in, out and kernel must be at least 1");
  demand(layer, layer.stride > 0 && layer.padding >= 0, "stride must be at least 1 and padding at least 0");
  return std::make_unique<Conv2d>(layer);
}

}  // namespace

LayerEntry layer_entry_conv2d() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words};
}

}  // namespace grapevine
