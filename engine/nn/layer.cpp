#include "engine/nn/layer.h"

#include "engine/error.h"
#include "engine/nn/layers.h"

namespace grapevine {

at::Tensor& workspace(at::Tensor& buffer, at::IntArrayRef shape, const at::Tensor& like) {
  if (!buffer.defined() || buffer.sizes() != shape || buffer.scalar_type() != like.scalar_type() ||
      buffer.device() != like.device())
    buffer = at::empty(shape, like.options());
  return buffer;
}

bool runs_on_host(const at::Tensor& t) {
  return t.device().is_cpu() && t.is_contiguous() &&
         (t.scalar_type() == at::kFloat || t.scalar_type() == at::kDouble);
}

std::unique_ptr<Layer> make_layer(const LayerSpec& spec) {
  const auto need = [&](bool fine, const char* what) {
    if (!fine) throw InputError("layer " + spec.type + ": " + what);
  };
  if (spec.type == "linear") {
    need(spec.in > 0 && spec.out > 0, "in and out must be at least 1");
    return std::make_unique<Linear>(spec);
  }
  if (spec.type == "conv2d") {
    need(spec.in > 0 && spec.out > 0 && spec.kernel > 0, "in, out and kernel must be at least 1");
    need(spec.stride > 0 && spec.padding >= 0, "stride must be at least 1 and padding at least 0");
    return std::make_unique<Conv2d>(spec);
  }
  if (spec.type == "batch_norm2d" || spec.type == "layer_norm") {
    need(spec.features > 0, "features must be at least 1");
    if (spec.type == "layer_norm") return std::make_unique<LayerNorm>(spec);
    return std::make_unique<BatchNorm2d>(spec);
  }
  if (spec.type == "max_pool2d" || spec.type == "avg_pool2d") {
    need(spec.kernel > 0 && spec.stride > 0, "kernel and stride must be at least 1");
    if (spec.type == "max_pool2d") return std::make_unique<MaxPool2d>(spec);
    return std::make_unique<AvgPool2d>(spec);
  }
  if (spec.type == "rms_norm") return std::make_unique<RmsNorm>(spec);
  if (spec.type == "relu") return std::make_unique<Relu>();
  if (spec.type == "tanh") return std::make_unique<Tanh>();
  if (spec.type == "sigmoid") return std::make_unique<Sigmoid>();
  if (spec.type == "gelu") return std::make_unique<Gelu>();
  if (spec.type == "flatten") return std::make_unique<Flatten>();
  if (spec.type == "subsample_pad") {
    need(spec.in > 0 && spec.out >= spec.in && spec.stride > 0, "out must be at least in, stride at least 1");
    return std::make_unique<SubsamplePad>(spec);
  }
  if (spec.type == "dropout") {
    need(spec.rate >= 0 && spec.rate < 1, "rate must be at least 0 and below 1");
    return std::make_unique<Dropout>(spec);
  }
  if (spec.type == "residual") return std::make_unique<Residual>(spec);
  if (spec.type == "embedding") {
    need(spec.in > 0 && spec.out > 0, "in and out must be at least 1");
    return std::make_unique<Embedding>(spec);
  }
  if (spec.type == "positions") return std::make_unique<Positions>();
  if (spec.type == "attention") {
    need(spec.features > 0 && spec.heads > 0, "features and heads must be at least 1");
    need(spec.features % spec.heads == 0, "the heads must divide the features evenly");
    need(spec.rate >= 0 && spec.rate < 1, "rate must be at least 0 and below 1");
    return std::make_unique<Attention>(spec);
  }
  if (spec.type == "fork") return std::make_unique<Fork>(spec);
  if (spec.type == "join") {
    need(spec.in > 0, "in, the features of the point's part, must be at least 1");
    return std::make_unique<Join>(spec);
  }
  throw InputError("unknown layer type '" + spec.type +
                   "': known are linear, conv2d, batch_norm2d, layer_norm, rms_norm, relu, tanh, sigmoid, "
                   "gelu, max_pool2d, "
                   "avg_pool2d, subsample_pad, flatten, dropout, residual, embedding, positions, attention, "
                   "fork, join");
}

// A result lives in the tape's buffer, which the next use of the same map overwrites: the sum is made anew.
at::Tensor Layer::joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction, Tape& tape) const {
  const at::Tensor own = has_parameters() ? parameter_tangent(direction, tape) : at::Tensor();
  if (!h_dot.defined()) return own;
  const at::Tensor carried = tangent(h_dot, tape);
  return own.defined() ? own + carried : carried;
}

Chain::Chain(const std::vector<LayerSpec>& specs) {
  for (const auto& spec : specs) layers_.push_back(make_layer(spec));
}

void Chain::enlist(Registration& registration, const std::string& path_prefix) {
  for (std::size_t i = 0; i < layers_.size(); ++i)
    layers_[i]->enlist(registration, path_prefix + std::to_string(i));
}

void Chain::bind(const ParameterBuffer& values) {
  for (auto& layer : layers_) layer->bind(values);
}

at::Tensor Chain::forward(const at::Tensor& h, std::vector<Tape>& tapes, const Pass& pass) {
  tapes.resize(layers_.size());
  at::Tensor y = h;
  for (std::size_t i = 0; i < layers_.size(); ++i) y = layers_[i]->forward(y, tapes[i], pass);
  return y;
}

at::Tensor Chain::tangent(const at::Tensor& h_dot, std::vector<Tape>& tapes) const {
  at::Tensor y = h_dot;
  for (std::size_t i = 0; i < layers_.size(); ++i) y = layers_[i]->tangent(y, tapes[i]);
  return y;
}

at::Tensor Chain::joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                                std::vector<Tape>& tapes) const {
  at::Tensor y = h_dot;
  for (std::size_t i = 0; i < layers_.size(); ++i) y = layers_[i]->joint_tangent(y, direction, tapes[i]);
  return y;
}

void Chain::visit_weights(std::vector<Tape>& tapes, const WeightVisitor& sink) const {
  for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i]->visit_weights(tapes[i], sink);
}

at::Tensor Chain::adjoint(const at::Tensor& dy, std::vector<Tape>& tapes,
                          const AdjointRequest& request) const {
  // Below the first layer with parameters nobody needs δh unless the caller does.
  std::size_t first = 0;
  if (!request.input_gradient) {
    while (first < layers_.size() && !layers_[first]->has_parameters()) ++first;
  }
  at::Tensor delta = dy;
  for (std::size_t i = layers_.size(); i > first; --i) {
    AdjointRequest inner = request;
    inner.input_gradient = request.input_gradient || i - 1 > first;
    delta = layers_[i - 1]->adjoint(delta, tapes[i - 1], inner);
  }
  return request.input_gradient ? delta : at::Tensor();
}

at::Tensor Chain::induced_tangent(RandomKey key, std::vector<Tape>& tapes) const {
  at::Tensor t;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (t.defined()) t = layers_[i]->tangent(t, tapes[i]);
    const at::Tensor own = layers_[i]->induced_tangent(key.with(i), tapes[i]);
    if (own.defined()) t = t.defined() ? t + own : own;
  }
  return t;
}

bool Chain::has_parameters() const {
  for (const auto& layer : layers_)
    if (layer->has_parameters()) return true;
  return false;
}

void Chain::weight_slots(std::vector<int>& slots) const {
  for (const auto& layer : layers_) layer->weight_slots(slots);
}

}  // namespace grapevine
