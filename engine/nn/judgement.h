// How a network's output is judged: softmax cross-entropy, its error and hits. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include "engine/nn/network.h"

namespace grapevine {

/// Loss, error and hits of a batch of logits: mean softmax cross-entropy, e = (softmax − onehot)/N.
struct Judgement {
  at::Tensor loss;     ///< one number, on the device
  at::Tensor correct;  ///< number of samples whose largest logit is the label's, on the device
  at::Tensor e;        ///< N×C
};
void judge(const at::Tensor& logits, const at::Tensor& y, Judgement& out, bool with_error);
/// The same of a network's z. Where a language model's decoder is above it, y are the next tokens, e is
/// ∂L/∂z, nothing is counted correct, and the decoder's gradients go to `decoder_gradients` when asked for.
void judge(Network& network, const at::Tensor& z, const at::Tensor& y, Judgement& out, bool with_error,
           const ParameterBuffer* decoder_gradients = nullptr);

}  // namespace grapevine
