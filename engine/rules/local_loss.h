// The local loss of one segment (Nøkland & Eidnes 2019) and its gradients. Worker thread only.
#pragma once

#include <ATen/ATen.h>

namespace grapevine {

/// What similarity matching looks at: h itself, N×n; of maps N×ch×H×W each channel's deviation over its
/// pixels, N×ch.
at::Tensor similarity_features(const at::Tensor& h);
/// What the decoder reads: h itself; of maps each channel's mean.
at::Tensor decoder_features(const at::Tensor& h);
/// Cosines between the samples' features, each sample centred over its features: N×N.
at::Tensor similarity(const at::Tensor& features);

struct LocalLoss {
  double similarity = 0.99;  ///< β
  /// β·‖S(h) − S(y)‖²/N² + (1−β)·CE(decoder_features(h) Wᵀ, y), W C×features. Returns ∂/∂h; writes ∂/∂W.
  at::Tensor slope(const at::Tensor& h, const at::Tensor& y, const at::Tensor& decoder,
                   at::Tensor& decoder_gradient) const;
};

}  // namespace grapevine
