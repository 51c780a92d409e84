// What a layer is, before it has weights: written by the models, by experiment files and by worked examples.
// Plain C++ without LibTorch.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/experiment/layer_kind.h"

namespace grapevine {

struct LayerSpec {
  LayerKind kind = LayerKind::linear;
  /// linear: features; conv2d: channels; embedding: words, features; join: features of the point's part
  std::int64_t in = 0, out = 0;
  std::int64_t kernel = 0, stride = 1, padding = 0;  ///< conv2d and pools (pools have no padding)
  bool bias = true;                                  ///< linear, conv2d
  std::int64_t features = 0;                         ///< norms, attention
  std::int64_t heads = 1;                            ///< attention
  bool causal = true;                                ///< attention: no token sees later ones
  double eps = 1e-5;                                 ///< norms
  double rate = 0;                                   ///< dropout, attention: share of zeros
  /// residual: y = body(x) + shortcut(x); fork: y = [body(x) | x]; join: y = body(a) + shortcut(b) of [a |
  /// b]; empty = identity
  std::vector<LayerSpec> body, shortcut;
  /// join of images: the shapes that a and b get back; empty = rows of features
  std::vector<std::int64_t> part_shape, carried_shape;
};

using SegmentSpec = std::vector<LayerSpec>;

struct NetworkSpec {
  std::vector<std::int64_t> input;  ///< shape of one sample
  std::vector<SegmentSpec> segments;
  /// A language model: the input is one row of token numbers, every layer works on rows of tokens, and a
  /// linear decoder of so many words is above the last segment. 0 = no such thing.
  std::int64_t words = 0;
};

}  // namespace grapevine
