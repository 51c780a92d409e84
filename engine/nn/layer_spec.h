// What a layer is, before it has weights: written by the models, by experiment files and by worked examples.
// Plain C++ without LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

struct LayerSpec {
  /// linear conv2d batch_norm2d layer_norm rms_norm relu tanh sigmoid gelu subsample_pad max_pool2d
  /// avg_pool2d flatten dropout residual
  std::string type;
  std::int64_t in = 0, out = 0;                      ///< linear: features; conv2d: channels
  std::int64_t kernel = 0, stride = 1, padding = 0;  ///< conv2d and pools (pools have no padding)
  bool bias = true;                                  ///< linear, conv2d
  std::int64_t features = 0;                         ///< norms
  double eps = 1e-5;                                 ///< norms
  double rate = 0;                                   ///< dropout: share of zeros
  std::vector<LayerSpec> body, shortcut;  ///< residual: y = body(x) + shortcut(x); empty = identity
};

using SegmentSpec = std::vector<LayerSpec>;

struct NetworkSpec {
  std::vector<std::int64_t> input;  ///< shape of one sample
  std::vector<SegmentSpec> segments;
};

/// "linear 784→512, relu".
std::string describe(const SegmentSpec& segment);

}  // namespace grapevine
