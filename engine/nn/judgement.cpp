#include "engine/nn/judgement.h"

#include "engine/nn/decoder.h"

namespace grapevine {

void judge(const at::Tensor& logits, const at::Tensor& y, Judgement& out, bool with_error) {
  const at::Tensor log_p = at::log_softmax(logits, 1);
  const at::Tensor column = y.unsqueeze(1);
  out.loss = log_p.gather(1, column).mean().neg_();
  out.correct = logits.argmax(1).eq(y).sum();
  if (!with_error) return;
  out.e = log_p.exp();
  out.e.scatter_add_(1, column, at::full({1, 1}, -1.0, out.e.options()).expand({y.size(0), 1}));
  out.e.div_(static_cast<double>(y.size(0)));
}

void judge(Network& network, const at::Tensor& z, const at::Tensor& y, Judgement& out, bool with_error,
           const ParameterBuffer* decoder_gradients) {
  if (!network.decoder()) {
    judge(z, y, out, with_error);
    return;
  }
  if (with_error) workspace(out.e, z.sizes(), z);
  out.loss = network.decoder()->loss(z, y, with_error ? &out.e : nullptr, decoder_gradients);
}

}  // namespace grapevine
