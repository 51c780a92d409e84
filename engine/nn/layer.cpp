#include "engine/nn/layer.h"

#include "engine/nn/layer_entry.h"
#include "engine/session/interruption.h"

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
  return layer_entry(spec.kind).make(spec);
}

// A result lives in the tape's buffer, which the next use of the same map overwrites: the sum is made again.
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
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    interruption_point();
    y = layers_[i]->forward(y, tapes[i], pass);
  }
  return y;
}

at::Tensor Chain::tangent(const at::Tensor& h_dot, std::vector<Tape>& tapes) const {
  at::Tensor y = h_dot;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    interruption_point();
    y = layers_[i]->tangent(y, tapes[i]);
  }
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
    interruption_point();
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
