// Texts as batches: the token stream cut into pieces of data.context tokens, each asked for its next token at
// every place; no state is carried from piece to piece. Worker thread only.
#pragma once

#include "engine/data/text_set.h"
#include "engine/training/batches.h"

namespace grapevine {

class TextBatches : public Batches {
 public:
  /// Loads and encodes the text. Throws InputError.
  TextBatches(const Experiment& experiment, const at::TensorOptions& options, const WorkHooks& hooks = {});
  std::int64_t test_slice() const override;
  double tokens_per_word(bool of_test) const override;

 protected:
  void fill(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
            const RandomKey* augmentation) const override;

 private:
  const TextSet& text(Part part) const;
  std::int64_t pieces(const TextSet& text) const;

  std::int64_t context_;
  TextData data_;
};

}  // namespace grapevine
