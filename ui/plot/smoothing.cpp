// Exponential smoothing.
#include "ui/plot/smoothing.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace grapevine {
namespace {

bool same_bits(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

}  // namespace

void Smoothing::update(std::span<const double> values, double weight) {
  const std::size_t seen = smoothed_.size();
  const bool grown =
      weight == weight_ && values.size() >= seen &&
      (seen == 0 || (same_bits(values[0], first_value_) && same_bits(values[seen - 1], last_value_)));
  if (!grown) {
    smoothed_.clear();
    weight_ = weight;
    mean_ = 0;
    remaining_ = 1;
  }
  for (const double value : values.subspan(smoothed_.size())) {
    if (!std::isfinite(value)) {
      smoothed_.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    mean_ = weight * mean_ + (1 - weight) * value;
    remaining_ *= weight;
    smoothed_.push_back(mean_ / (1 - remaining_));
  }
  if (!values.empty()) {
    first_value_ = values.front();
    last_value_ = values.back();
  }
}

}  // namespace grapevine
