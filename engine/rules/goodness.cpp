#include "engine/rules/goodness.h"

namespace grapevine {

at::Tensor with_labels(const at::Tensor& x, const at::Tensor& y, std::int64_t classes, RandomKey key) {
  const std::int64_t samples = y.size(0);
  at::Tensor shift = at::empty({samples}, x.options());
  fill_uniform(shift, key, 1, static_cast<double>(classes));
  const at::Tensor wrong = (y + shift.floor_().clamp_max_(classes - 1).to(at::kLong)).remainder_(classes);
  const at::Tensor flat = x.flatten(1);
  const at::Tensor both = at::cat({flat, flat});
  at::Tensor marks = both.narrow(1, 0, classes);
  marks.zero_();
  marks.scatter_(1, at::cat({y, wrong}).unsqueeze(1), flat.max().expand({2 * samples, 1}).contiguous());
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape[0] = 2 * samples;
  return both.view(shape);
}

at::Tensor goodness_slope(const at::Tensor& h, double threshold) {
  const std::int64_t samples = h.size(0) / 2;
  at::Tensor weight = at::sigmoid(h.square().mean(1, true) - threshold);
  weight.narrow(0, 0, samples).sub_(1);  // −σ(θ − g)
  const double scale = 2 / (static_cast<double>(h.size(1)) * static_cast<double>(samples));
  return h * weight.mul_(scale);
}

}  // namespace grapevine
