// A language model's decoder (learning-rules §7): logits = z Wᵀ + b over the vocabulary, above the rows z
// that the learning rules see. It always learns from the true gradient, and hands e = ∂L/∂z down. The logits
// exist a few hundred rows at a time, never as a whole: R×vocabulary would be the largest tensor of the step.
// Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include "engine/nn/parameters.h"

namespace grapevine {

class Decoder {
 public:
  Decoder(std::int64_t features, std::int64_t words) : features_(features), words_(words) {}
  void enlist(ParameterLayout& layout, int segment);
  void bind(const ParameterBuffer& values);
  std::int64_t words() const { return words_; }

  /// The mean cross-entropy of the next words y (R, int64) given z (R×C), one number on z's device. With `e`
  /// defined (R×C) it receives ∂loss/∂z; with `gradients` the decoder's own gradients go there too.
  at::Tensor loss(const at::Tensor& z, const at::Tensor& y, at::Tensor* e, const ParameterBuffer* gradients);

 private:
  std::int64_t rows_at_once(std::int64_t rows) const;

  std::int64_t features_, words_;
  int weight_slot_ = -1, bias_slot_ = -1;
  at::Tensor weight_, bias_;         ///< words×C, words
  at::Tensor logits_, log_softmax_;  ///< buffers of some rows × words
};

}  // namespace grapevine
