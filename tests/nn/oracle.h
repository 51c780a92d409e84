// The tests' second opinion: a network's description run by LibTorch's own operations, with autograd and
// forward-mode AD.
#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <map>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/nn/network.h"

namespace grapevine {

using NamedParameters = std::map<std::string, at::Tensor>;

/// Leaves with gradients, copies of the network's values.
inline NamedParameters leaves_of(const Network& network) {
  NamedParameters all;
  for (int slot = 0; slot < network.layout().size(); ++slot)
    all[network.layout()[slot].name] = network.values()[slot].clone().set_requires_grad(true);
  return all;
}

at::Tensor oracle_layers(const std::vector<LayerSpec>& layers, const std::string& prefix, at::Tensor h,
                         const NamedParameters& parameters);

inline at::Tensor oracle_layer(const LayerSpec& layer, const std::string& path, const at::Tensor& h,
                               const NamedParameters& p) {
  const auto parameter = [&](const char* what) { return p.at(path + what); };
  const auto bias = [&] { return layer.bias ? c10::optional<at::Tensor>(parameter(".bias")) : c10::nullopt; };
  if (layer.type == "linear") return at::linear(h, parameter(".weight"), bias());
  if (layer.type == "conv2d") return at::conv2d(h, parameter(".weight"), bias(), layer.stride, layer.padding);
  if (layer.type == "batch_norm2d")
    return at::batch_norm(h, parameter(".weight"), parameter(".bias"), {}, {}, true, 0.1, layer.eps, false);
  if (layer.type == "layer_norm")
    return at::layer_norm(h, {layer.features}, parameter(".weight"), parameter(".bias"), layer.eps);
  if (layer.type == "rms_norm") {
    const at::Tensor rows = h.flatten(1);
    return (rows / (rows.square().mean(1, true) + layer.eps).sqrt()).view_as(h);
  }
  if (layer.type == "relu") return at::relu(h);
  if (layer.type == "tanh") return at::tanh(h);
  if (layer.type == "sigmoid") return at::sigmoid(h);
  if (layer.type == "gelu") return 0.5 * h * (1 + at::erf(h / std::sqrt(2.0)));
  if (layer.type == "max_pool2d") return at::max_pool2d(h, layer.kernel, layer.stride);
  if (layer.type == "avg_pool2d") return at::avg_pool2d(h, layer.kernel, layer.stride);
  if (layer.type == "flatten") return h.flatten(1);
  if (layer.type == "residual")
    return oracle_layers(layer.body, path + ".body.", h, p) +
           oracle_layers(layer.shortcut, path + ".shortcut.", h, p);
  throw InputError("the oracle knows no layer " + layer.type);
}

inline at::Tensor oracle_layers(const std::vector<LayerSpec>& layers, const std::string& prefix, at::Tensor h,
                                const NamedParameters& parameters) {
  for (std::size_t i = 0; i < layers.size(); ++i)
    h = oracle_layer(layers[i], prefix + std::to_string(i), h, parameters);
  return h;
}

/// Outputs of all segments, the last being the logits.
inline std::vector<at::Tensor> oracle_network(const NetworkSpec& spec, at::Tensor h,
                                              const NamedParameters& parameters) {
  std::vector<at::Tensor> outputs;
  for (std::size_t l = 0; l < spec.segments.size(); ++l) {
    h = oracle_layers(spec.segments[l], std::to_string(l + 1) + ".", h, parameters);
    outputs.push_back(h);
  }
  return outputs;
}

/// ‖a − b‖ / max(‖b‖, 1e-12).
inline double relative_error(const at::Tensor& a, const at::Tensor& b) {
  const double size = at::linalg_vector_norm(b.detach()).item<double>();
  return at::linalg_vector_norm((a - b).detach()).item<double>() / std::max(size, 1e-12);
}

/// Mean cross-entropy.
inline at::Tensor oracle_loss(const at::Tensor& logits, const at::Tensor& y) {
  return -at::log_softmax(logits, 1).gather(1, y.unsqueeze(1)).mean();
}

}  // namespace grapevine
