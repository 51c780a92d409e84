// The tests' second opinion: a network's description run by LibTorch's own operations, with autograd and
// forward-mode AD.
#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <cmath>
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
  if (layer.kind == LayerKind::linear) return at::linear(h, parameter(".weight"), bias());
  if (layer.kind == LayerKind::conv2d)
    return at::conv2d(h, parameter(".weight"), bias(), layer.stride, layer.padding);
  if (layer.kind == LayerKind::batch_norm2d)
    return at::batch_norm(h, parameter(".weight"), parameter(".bias"), {}, {}, true, 0.1, layer.eps, false);
  if (layer.kind == LayerKind::layer_norm)
    return at::layer_norm(h, {layer.features}, parameter(".weight"), parameter(".bias"), layer.eps);
  if (layer.kind == LayerKind::rms_norm) {
    const at::Tensor rows = h.flatten(1);
    return (rows / (rows.square().mean(1, true) + layer.eps).sqrt()).view_as(h);
  }
  if (layer.kind == LayerKind::relu) return at::relu(h);
  if (layer.kind == LayerKind::tanh) return at::tanh(h);
  if (layer.kind == LayerKind::sigmoid) return at::sigmoid(h);
  if (layer.kind == LayerKind::gelu) return 0.5 * h * (1 + at::erf(h / std::sqrt(2.0)));
  if (layer.kind == LayerKind::max_pool2d) return at::max_pool2d(h, layer.kernel, layer.stride);
  if (layer.kind == LayerKind::avg_pool2d) return at::avg_pool2d(h, layer.kernel, layer.stride);
  if (layer.kind == LayerKind::flatten) return h.flatten(1);
  if (layer.kind == LayerKind::residual)
    return oracle_layers(layer.body, path + ".body.", h, p) +
           oracle_layers(layer.shortcut, path + ".shortcut.", h, p);
  if (layer.kind == LayerKind::subsample_pad) {
    const std::int64_t before = (layer.out - layer.in) / 2;
    return at::constant_pad_nd(h.slice(2, 0, h.size(2), layer.stride).slice(3, 0, h.size(3), layer.stride),
                               {0, 0, 0, 0, before, layer.out - layer.in - before});
  }
  if (layer.kind == LayerKind::embedding)
    return at::embedding(parameter(".weight"), h) * std::sqrt(static_cast<double>(layer.out));
  if (layer.kind == LayerKind::positions) {
    at::Tensor table = at::zeros({h.size(1), h.size(2)}, h.options());
    for (std::int64_t t = 0; t < h.size(1); ++t)
      for (std::int64_t i = 0; i < h.size(2); ++i) {
        const double angle = static_cast<double>(t) / std::pow(10000.0, static_cast<double>(i / 2 * 2) /
                                                                            static_cast<double>(h.size(2)));
        table[t][i] = i % 2 == 0 ? std::sin(angle) : std::cos(angle);
      }
    return h + table;
  }
  if (layer.kind == LayerKind::attention) {
    // A head and a sample at a time, as the definition reads.
    const std::int64_t d = layer.features, width = d / layer.heads, tokens = h.size(1);
    const at::Tensor unseen = at::ones({tokens, tokens}, h.options()).triu(1) * (layer.causal ? -1e30 : 0.0);
    std::vector<at::Tensor> heads;
    for (std::int64_t i = 0; i < layer.heads; ++i) {
      const at::Tensor q = h.narrow(2, i * width, width), k = h.narrow(2, d + i * width, width),
                       v = h.narrow(2, 2 * d + i * width, width);
      const at::Tensor scores = at::matmul(q, k.transpose(1, 2)) / std::sqrt(static_cast<double>(width));
      heads.push_back(at::matmul(at::softmax(scores + unseen, 2), v));
    }
    return at::cat(heads, 2);
  }
  if (layer.kind == LayerKind::fork) {
    const at::Tensor y = oracle_layers(layer.body, path + ".body.", h, p);
    return h.dim() > 3 ? at::cat({y.flatten(1), h.flatten(1)}, 1) : at::cat({y, h}, -1);
  }
  if (layer.kind == LayerKind::join) {
    const auto shaped = [&](const at::Tensor& rows, std::vector<std::int64_t> shape) {
      if (shape.empty()) return rows;
      shape.insert(shape.begin(), h.size(0));
      return rows.reshape(shape);
    };
    const at::Tensor a = shaped(h.narrow(-1, 0, layer.in), layer.part_shape);
    const at::Tensor b = shaped(h.narrow(-1, layer.in, h.size(-1) - layer.in), layer.carried_shape);
    return oracle_layers(layer.body, path + ".body.", a, p) +
           oracle_layers(layer.shortcut, path + ".shortcut.", b, p);
  }
  throw InputError(std::string("the oracle knows no layer ") + layer_name(layer.kind));
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
