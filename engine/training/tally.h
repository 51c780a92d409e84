// Losses and hits of training steps, kept on the device until they are read together: on a GPU every reading
// waits for all the work that was given to it before. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace grapevine {

class StepTally {
 public:
  struct Entry {
    std::int64_t step = 0;
    double epoch = 0, count = 0;   ///< fractional epochs at this step; samples or tokens of the batch
    double loss = 0, correct = 0;  ///< mean loss; samples whose largest logit was the label's
  };

  /// How many steps may stand unread: 1 on the host, which waits for nothing.
  explicit StepTally(const at::TensorOptions& options);
  void set_capacity(std::int64_t steps);

  /// `correct` may be undefined: then it is 0. Both are single numbers on the device.
  void note(const Entry& entry, const at::Tensor& loss, const at::Tensor& correct);
  bool full() const { return static_cast<std::int64_t>(entries_.size()) >= capacity_; }
  /// Everything unread, in order; waits for the device.
  std::vector<Entry> take();

 private:
  at::TensorOptions options_;
  std::int64_t capacity_;
  at::Tensor numbers_;  ///< capacity × 2
  std::vector<Entry> entries_;
};

}  // namespace grapevine
