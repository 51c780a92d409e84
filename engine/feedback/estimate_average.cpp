#include "engine/feedback/estimate_average.h"

#include <string>

namespace grapevine {

void EstimateAverage::attach(const std::vector<at::Tensor>& estimates) {
  if (!settings_.cumulative) return;
  for (const at::Tensor& estimate : estimates) {
    means_.push_back(at::zeros_like(estimate));
    counts_.push_back(at::zeros({1}, estimate.options()));
  }
}

// The count is a tensor too, so that a recorded step counts on.
const std::vector<at::Tensor>& EstimateAverage::take_in(const std::vector<at::Tensor>& estimates) {
  if (!settings_.cumulative) return estimates;
  for (std::size_t l = 0; l < means_.size(); ++l)
    means_[l].add_((estimates[l] - means_[l]).div_(counts_[l].add_(1)));
  return means_;
}

void EstimateAverage::restart(std::size_t point_index) {
  if (!settings_.cumulative) return;
  means_[point_index].zero_();
  counts_[point_index].zero_();
}

void EstimateAverage::add_state(NamedTensors& all) const {
  for (std::size_t l = 0; l < means_.size(); ++l) {
    const std::string point = std::to_string(l + 1);
    all.emplace_back("jacobian_average/" + point, means_[l]);
    all.emplace_back("jacobian_average_count/" + point, counts_[l]);
  }
}

}  // namespace grapevine
