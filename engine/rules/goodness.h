// Forward–Forward's data and loss (Hinton 2022). Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include "engine/random/random.h"

namespace grapevine {

/// [x⁺; x⁻], 2N samples of x's shape: the label's one-hot, as bright as the brightest input, is in the
/// first C inputs; in the lower half a wrong label, each equally likely.
at::Tensor with_labels(const at::Tensor& x, const at::Tensor& y, std::int64_t classes, RandomKey key);

/// ∂/∂h of (1/N) Σ softplus(θ − g⁺) + softplus(g⁻ − θ), g = mean h² of a sample; h 2N×n, positives first.
at::Tensor goodness_slope(const at::Tensor& h, double threshold);

}  // namespace grapevine
