// Texts as batches: the token stream cut into pieces of data.context tokens, each to predict its next token
// at every place; no state is carried from piece to piece. Worker thread only.
#pragma once

#include "engine/batches/batches.h"
#include "engine/data/text_set.h"

namespace grapevine {

class TextBatches : public Batches {
 public:
  /// Loads and encodes the text. Throws InputError.
  TextBatches(const BatchSettings& settings, const at::TensorOptions& options, const WorkHooks& hooks = {});
  std::vector<std::int64_t> sample_shape() const override { return {context()}; }
  std::int64_t classes() const override { return asked().vocabulary; }
  std::int64_t test_slice() const override;
  double tokens_per_word(bool of_test) const override;
  /// From now on batches are made where the device is (a GPU's are from the start). The numbers are the same.
  void keep_on(at::Device device);

 protected:
  void fill(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
            const RandomKey* augmentation) const override;

 private:
  const TextSet& text(Part part) const;
  const at::Tensor& there(Part part) const;
  void fill_there(const at::Tensor& tokens, const std::int64_t* rows, std::int64_t count, Batch& out) const;
  void fill_on_host(const TextSet& set, const std::int64_t* rows, std::int64_t count, Batch& out) const;
  std::int64_t pieces(const TextSet& text) const;
  std::int64_t context() const { return asked().context; }

  TextData data_;
  at::Tensor train_there_, validation_there_, test_there_;  ///< tokens on the device, int32
};

}  // namespace grapevine
