#include "engine/nn/decoder.h"

#include <algorithm>

#include "engine/nn/layer.h"

namespace grapevine {

void Decoder::enlist(ParameterLayout& layout, int segment) {
  weight_slot_ = layout.add(
      {"decoder.weight", ParameterRole::words, {words_, features_}, 0, 0, features_, words_, segment});
  bias_slot_ = layout.add({"decoder.bias", ParameterRole::bias, {words_}, 0, 0, features_, words_, segment});
}

void Decoder::bind(const ParameterBuffer& values) {
  weight_ = values[weight_slot_];
  bias_ = values[bias_slot_];
}

// About 32 MiB of single-precision logits: enough rows for the products to run at full speed.
std::int64_t Decoder::rows_at_once(std::int64_t rows) const {
  constexpr std::int64_t values = std::int64_t{1} << 23;
  return std::min(rows, std::max<std::int64_t>(64, values / words_));
}

at::Tensor Decoder::loss(const at::Tensor& z, const at::Tensor& y, at::Tensor* e,
                         const ParameterBuffer* gradients) {
  const std::int64_t rows = z.size(0), slice = rows_at_once(rows);
  const double share = 1.0 / static_cast<double>(rows);
  at::Tensor sum = at::zeros({}, z.options());
  at::Tensor grad_weight, grad_bias;
  if (gradients) {
    grad_weight = (*gradients)[weight_slot_];
    grad_bias = (*gradients)[bias_slot_].zero_();
  }
  for (std::int64_t begin = 0; begin < rows; begin += slice) {
    const std::int64_t count = std::min(slice, rows - begin);
    const at::Tensor h = z.narrow(0, begin, count), target = y.narrow(0, begin, count).unsqueeze(1);
    at::Tensor& logits = workspace(logits_, {count, words_}, z);
    at::addmm_out(logits, bias_, h, weight_.t());
    at::Tensor& log_p = workspace(log_softmax_, {count, words_}, z);
    at::_log_softmax_out(log_p, logits, 1, false);
    sum.sub_(log_p.gather(1, target).sum());
    if (!e && !gradients) continue;
    at::Tensor& d = log_p.exp_();
    d.scatter_add_(1, target, at::full({1, 1}, -1.0, d.options()).expand({count, 1}));
    d.mul_(share);
    if (e) {
      at::Tensor part = e->narrow(0, begin, count);
      at::mm_out(part, d, weight_);
    }
    if (!gradients) continue;
    at::addmm_out(grad_weight, grad_weight, d.t(), h, begin == 0 ? 0 : 1, 1);
    grad_bias.add_(d.sum(0));
  }
  return sum.mul_(share);
}

}  // namespace grapevine
