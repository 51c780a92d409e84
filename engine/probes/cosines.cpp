#include "engine/probes/cosines.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace grapevine {
namespace {

at::Tensor cosines(const at::Tensor& a, const at::Tensor& b, std::int64_t axis) {
  const at::Tensor dot = (a * b).sum(axis);
  const at::Tensor norms = at::linalg_vector_norm(a, 2, at::IntArrayRef{axis})
                               .mul_(at::linalg_vector_norm(b, 2, at::IntArrayRef{axis}));
  return at::where(norms.gt(0), dot / norms, at::zeros_like(dot));
}

}  // namespace

double cosine(const at::Tensor& a, const at::Tensor& b) {
  return cosines(a.reshape({-1}), b.reshape({-1}), 0).item<double>();
}

double column_cosine(const at::Tensor& a, const at::Tensor& b) {
  return cosines(a, b, 0).mean().item<double>();
}

at::Tensor sample_cosines(const at::Tensor& a, const at::Tensor& b) {
  return cosines(a.flatten(1), b.flatten(1), 1);
}

double sample_cosine(const at::Tensor& a, const at::Tensor& b) {
  return sample_cosines(a, b).mean().item<double>();
}

at::Tensor nonzero_sample_cosines(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor one = a.flatten(1), other = b.flatten(1);
  const at::Tensor points = one.ne(0).any(1).logical_and_(other.ne(0).any(1));
  return sample_cosines(one, other).masked_select(points);
}

double eq4_bound(const at::Tensor& jacobian) {
  if (!jacobian.isfinite().all().item<bool>()) return std::nan("");  // no decomposition has those
  const at::Tensor singular = at::linalg_svdvals(jacobian);
  const double frobenius = at::linalg_vector_norm(singular).item<double>();
  if (frobenius == 0) return 0;
  const double n = static_cast<double>(jacobian.size(1));
  return std::sqrt(2 / (std::numbers::pi * n)) * singular.max().item<double>() / frobenius;
}

double lemma_b2_bound(double b_jhat, double jhat_j) {
  const auto sine = [](double cosine) { return std::sqrt(std::max(0.0, 1 - cosine * cosine)); };
  return b_jhat * jhat_j - sine(b_jhat) * sine(jhat_j);
}

}  // namespace grapevine
