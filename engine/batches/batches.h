// Records as batches on the device, all racers of a race sharing one Batches: which records, in which order.
// What a record is: see image_batches.h and text_batches.h. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/data/data_request.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/random/random.h"
#include "engine/session/progress.h"

namespace grapevine {

/// What the batches of a run follow from.
struct BatchSettings {
  DataSettings data;
  std::int64_t seed = 0, batch_size = 128;
  static BatchSettings of(const Experiment& experiment);
};

struct Batch {
  at::Tensor x;  ///< images N×channels×height×width, float; texts N×tokens, int64
  at::Tensor y;  ///< classes N, int64; texts' next tokens N·tokens, a text after the other
  /// The samples with these numbers (int64).
  Batch rows(const at::Tensor& numbers) const;
};

/// What was subtracted from the inputs and what they were divided by, a channel each; empty where they are
/// tokens.
struct Normalisation {
  std::vector<double> mean, deviation;
};

class Batches {
 public:
  virtual ~Batches() = default;

  std::int64_t train_count() const { return static_cast<std::int64_t>(train_rows_.size()); }
  std::int64_t validation_count() const {
    return own_validation_ > 0 ? own_validation_ : static_cast<std::int64_t>(held_out_.size());
  }
  std::int64_t test_count() const { return test_count_; }
  std::int64_t batch_size() const { return settings_.batch_size; }
  std::int64_t per_epoch() const { return (train_count() + batch_size() - 1) / batch_size(); }

  /// Batch `index` of epoch `epoch` (both from 0): every record once an epoch, in an order of the seed's and
  /// the epoch's.
  const Batch& training(std::int64_t epoch, std::int64_t index);
  Batch test(std::int64_t begin, std::int64_t count) const;
  Batch validation(std::int64_t begin, std::int64_t count) const;
  /// `count` training records drawn by a key, without touching the order of training.
  Batch drawn(RandomKey key, std::int64_t count) const;
  /// As many of each class as `count` allows (the first classes get one more where it doesn't divide), drawn
  /// by a key. A class with too few records gives what it has. Throws InputError where records have no class.
  Batch balanced(RandomKey key, std::int64_t count, std::int64_t classes) const;
  virtual Normalisation normalisation() const { return {}; }
  /// Channels, height, width; or tokens.
  virtual std::vector<std::int64_t> sample_shape() const = 0;
  /// Or words of the vocabulary.
  virtual std::int64_t classes() const = 0;
  /// Records that are tested at once.
  virtual std::int64_t test_slice() const { return 1000; }
  /// Tokens a published word of the test (or validation) text; 0 where there are no words.
  virtual double tokens_per_word(bool /*of_test*/) const { return 0; }
  const std::vector<std::string>& notes() const { return notes_; }
  /// Of the records in use (data/data_digest.h).
  const std::string& digest() const { return digest_; }

 protected:
  enum class Part { train, validation, test };
  Batches(const BatchSettings& settings, const at::TensorOptions& options)
      : options_(options), settings_(settings) {}
  /// Called once by a subclass that has read its files. `own_validation` > 0: a split of its own; else
  /// data.validation holds out training records. Throws InputError.
  void arrange(std::int64_t train, std::int64_t own_validation, std::int64_t test);
  /// What data.* ask for of the files.
  DataRequest request() const;
  /// Makes a batch of these records. `augmentation` (training only): the key of the epoch's changes.
  virtual void fill(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
                    const RandomKey* augmentation) const = 0;
  virtual std::int64_t class_of(std::int64_t /*train_row*/) const { return -1; }
  virtual bool augments() const { return false; }
  const std::vector<std::int64_t>& train_rows() const { return train_rows_; }

  const DataSettings& asked() const { return settings_.data; }

  at::TensorOptions options_;
  std::vector<std::string> notes_;
  std::string digest_;

 private:
  void demand(std::int64_t records, const char* part, const char* limit_key, std::int64_t limit) const;
  void shuffle(std::int64_t epoch);
  Batch made(Part part, const std::int64_t* rows, std::int64_t count) const;

  BatchSettings settings_;
  std::int64_t own_validation_ = 0, test_count_ = 0;
  bool test_is_held_out_ = false;                    ///< own data without a test set
  std::vector<std::int64_t> train_rows_, held_out_;  ///< training records
  std::vector<std::int64_t> order_;
  std::int64_t ordered_epoch_ = -1;
  Batch training_;
};

/// Loads what data.* asks for. Throws InputError.
std::unique_ptr<Batches> make_batches(const BatchSettings& settings, const at::TensorOptions& options,
                                      const WorkHooks& hooks = {});

}  // namespace grapevine
