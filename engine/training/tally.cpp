#include "engine/training/tally.h"

#include <utility>

namespace grapevine {
namespace {

constexpr std::int64_t unread_on_gpu = 16;

}  // namespace

StepTally::StepTally(const at::TensorOptions& options) : options_(options) {
  set_capacity(options.device().is_cpu() ? 1 : unread_on_gpu);
}

void StepTally::set_capacity(std::int64_t steps) {
  TORCH_CHECK(entries_.empty() && steps > 0, "a tally changes its size when it is empty");
  capacity_ = steps;
  numbers_ = at::zeros({capacity_, 2}, options_.dtype(at::kDouble));
}

void StepTally::note(const Entry& entry, const at::Tensor& loss, const at::Tensor& correct) {
  TORCH_CHECK(!full(), "a full tally must be read first");
  const at::Tensor row = numbers_[static_cast<std::int64_t>(entries_.size())];
  row[0].copy_(loss.squeeze());
  if (correct.defined())
    row[1].copy_(correct.squeeze());
  else
    row[1].zero_();
  entries_.push_back(entry);
}

std::vector<StepTally::Entry> StepTally::take() {
  if (entries_.empty()) return {};
  const at::Tensor host = numbers_.to(at::kCPU);
  const double* number = host.data_ptr<double>();
  for (Entry& entry : entries_) {
    entry.loss = *number++;
    entry.correct = *number++;
  }
  return std::exchange(entries_, {});
}

}  // namespace grapevine
