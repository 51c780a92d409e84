#include "engine/rules/local_loss.h"

namespace grapevine {
namespace {

constexpr double tiny = 1e-8;  // a sample without spread has no direction: its cosines are 0

at::Tensor centred(const at::Tensor& features) {
  return features - features.mean(1, true);
}

at::Tensor lengths(const at::Tensor& centred_features) {
  return at::linalg_vector_norm(centred_features, 2, at::IntArrayRef{1}, true).clamp_min_(tiny);
}

// Back from the similarity features to h.
at::Tensor features_to_h(const at::Tensor& slope, const at::Tensor& features, const at::Tensor& h) {
  if (h.dim() == 2) return slope;
  const double pixels = static_cast<double>(h.size(2) * h.size(3));
  const at::Tensor deviation = features.clamp_min(tiny);
  const at::Tensor per_channel =
      (slope / deviation).mul_(1 / (pixels - 1)).view({h.size(0), h.size(1), 1, 1});
  return (h - h.mean({2, 3}, true)).mul_(per_channel);
}

}  // namespace

at::Tensor similarity_features(const at::Tensor& h) {
  if (h.dim() == 2) return h;
  return h.flatten(2).std(2, true);
}

at::Tensor decoder_features(const at::Tensor& h) {
  return h.dim() == 2 ? h : h.mean({2, 3});
}

at::Tensor similarity(const at::Tensor& features) {
  const at::Tensor z = centred(features);
  const at::Tensor unit = z / lengths(z);
  return unit.mm(unit.t());
}

at::Tensor LocalLoss::slope(const at::Tensor& h, const at::Tensor& y, const at::Tensor& decoder,
                            at::Tensor& decoder_gradient) const {
  const std::int64_t samples = h.size(0);
  const double n = static_cast<double>(samples);
  const at::Tensor onehot = at::one_hot(y, decoder.size(0)).to(h.scalar_type());

  // ∂/∂U of ‖U Uᵀ − T‖²/N² is R U with R = 4 (U Uᵀ − T)/N²; U = z/‖z‖, z centred, so that
  // ∂/∂z = (R U − diag(R U Uᵀ) U)/‖z‖: one N×N matrix times U. Its rows are sums of U's, which are centred
  // already.
  const at::Tensor features = similarity_features(h);
  at::Tensor unit = centred(features);
  const at::Tensor length = lengths(unit);
  unit.div_(length);
  const at::Tensor cosines = unit.mm(unit.t());
  at::Tensor mixing = (cosines - grapevine::similarity(onehot)).mul_(4 * similarity / (n * n));
  mixing.diagonal().sub_((mixing * cosines).sum(1));
  mixing.div_(length);
  at::Tensor to_h = features_to_h(mixing.mm(unit), features, h);

  const at::Tensor read = decoder_features(h);
  const at::Tensor error = (at::softmax(read.mm(decoder.t()), 1) - onehot).mul_((1 - similarity) / n);
  at::mm_out(decoder_gradient, error.t(), read);
  if (h.dim() == 2) return to_h.addmm_(error, decoder);
  const at::Tensor to_read = error.mm(decoder);
  const double pixels = static_cast<double>(h.size(2) * h.size(3));
  return to_h.add_(to_read.view({samples, -1, 1, 1}), 1 / pixels);
}

}  // namespace grapevine
