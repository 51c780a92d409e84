#include "engine/feedback/matrices.h"

#include <algorithm>
#include <cmath>

#include "engine/error.h"

namespace grapevine {

void initialise_feedback(at::Tensor& b, const std::string& scheme, RandomKey key) {
  const double classes = static_cast<double>(b.size(0)), n = static_cast<double>(b.size(1));
  if (scheme == "normal") {
    fill_gaussian(b, key);
  } else if (scheme == "uniform") {
    fill_uniform(b, key, -1 / std::sqrt(n), 1 / std::sqrt(n));
  } else if (scheme == "kaiming") {
    // The signal is e B: a matrix from C numbers to n.
    fill_gaussian(b, key);
    b.mul_(std::sqrt(2 / classes));
  } else if (scheme == "xavier") {
    const double bound = std::sqrt(6 / (classes + n));
    fill_uniform(b, key, -bound, bound);
  } else if (scheme == "zero") {
    b.zero_();
  } else {
    throw InputError("rule.init: unknown scheme '" + scheme + "' for a feedback matrix");
  }
}

void fill_xavier(at::Tensor& out, const ParameterInfo& weight, RandomKey key) {
  const double bound = std::sqrt(6 / static_cast<double>(weight.fan_in + weight.fan_out));
  fill_uniform(out, key, -bound, bound);
}

std::vector<at::Tensor> make_feedback(const Network& network, const std::string& scheme, bool shared,
                                      std::int64_t seed) {
  const RandomKey key = RandomKey::of(seed, Stream::feedback);
  std::vector<at::Tensor> matrices;
  std::int64_t widest = 0;
  for (int l = 1; l <= network.points(); ++l) widest = std::max(widest, network.features(l));
  at::Tensor common;
  if (shared && network.points() > 0) {
    common = at::empty({network.classes(), widest}, network.options());
    initialise_feedback(common, scheme, key.with(0));
  }
  for (int l = 1; l <= network.points(); ++l) {
    if (shared) {
      matrices.push_back(common.narrow(1, 0, network.features(l)).contiguous());
      continue;
    }
    matrices.push_back(at::empty({network.classes(), network.features(l)}, network.options()));
    initialise_feedback(matrices.back(), scheme, key.with(static_cast<std::uint64_t>(l)));
  }
  return matrices;
}

void normalise_columns(at::Tensor& b) {
  const at::Tensor norms = at::linalg_vector_norm(b, 2, at::IntArrayRef{0}, true);
  b.div_(at::where(norms.eq(0), at::ones_like(norms), norms));
}

}  // namespace grapevine
