// Images as batches on the device. Pixels stay bytes until their batch is made; all racers of a race share
// one Batches. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "engine/data/image_set.h"
#include "engine/feedback/random.h"
#include "engine/training/experiment.h"

namespace grapevine {

struct Batch {
  at::Tensor x;  ///< N×channels×height×width, float
  at::Tensor y;  ///< N, int64
};

class Batches {
 public:
  /// Loads what data.* asks for. Throws InputError.
  Batches(const Experiment& experiment, const at::TensorOptions& options);

  std::int64_t train_count() const { return static_cast<std::int64_t>(train_rows_.size()); }
  std::int64_t validation_count() const { return static_cast<std::int64_t>(validation_rows_.size()); }
  std::int64_t test_count() const { return test_.count(); }
  std::int64_t batch_size() const { return batch_size_; }
  std::int64_t per_epoch() const { return (train_count() + batch_size_ - 1) / batch_size_; }

  /// Batch `index` of epoch `epoch` (both from 0): every record once an epoch, in an order of the seed's and
  /// the epoch's.
  const Batch& training(std::int64_t epoch, std::int64_t index);
  Batch test(std::int64_t begin, std::int64_t count) const;
  Batch validation(std::int64_t begin, std::int64_t count) const;
  /// `count` training records drawn by a key, without touching the order of training.
  Batch drawn(RandomKey key, std::int64_t count) const;
  /// As many of each class as `count` allows (the first classes get one more where it doesn't divide), drawn
  /// by a key. A class with too few records gives what it has.
  Batch balanced(RandomKey key, std::int64_t count, std::int64_t classes) const;
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  void fill(const ImageSet& set, const std::int64_t* rows, std::int64_t count, Batch& out,
            const RandomKey* augmentation = nullptr) const;
  void measure_normalisation(bool wanted);
  void shuffle(std::int64_t epoch);

  at::TensorOptions options_;
  static constexpr int pad = 4;  ///< of crop
  std::int64_t seed_, batch_size_;
  bool crops_ = false, flips_ = false;
  ImageSet train_, test_;
  std::vector<std::int64_t> train_rows_, validation_rows_;  ///< rows of train_
  std::vector<std::int64_t> order_;
  std::int64_t ordered_epoch_ = -1;
  std::vector<float> table_;  ///< channel × 256: the number that a byte becomes
  Batch training_;
  std::vector<std::string> notes_;
};

}  // namespace grapevine
