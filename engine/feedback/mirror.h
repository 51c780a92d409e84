// Weight mirroring (Akrout et al. 2019): noise x through a layer's weight alone, y = W x, and the product of
// the two, which on average points along W. Worker thread only.
#pragma once

#include "engine/nn/layer.h"

namespace grapevine {

inline constexpr double mirror_noise = 0.1;  ///< standard deviation of x

/// Draws x = 0.1·N(0,1) of `like`'s shape, y = W x (no bias, no activation; a convolution convolves) and
/// writes the weight gradient that input x and output gradient y give into `product` at the layer's weight
/// slot. Its mean is N·0.01·W.
void mirror_product(const Layer& layer, const at::Tensor& like, RandomKey key, const ParameterBuffer& product,
                    Tape& scratch);

}  // namespace grapevine
