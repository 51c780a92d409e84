// The min/max pyramid.
#include "ui/plot/pyramid.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace grapevine {
namespace {

bool same_bits(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

}  // namespace

void Extent::add(double value) {
  if (!std::isfinite(value)) return;
  lowest = std::min(lowest, value);
  highest = std::max(highest, value);
  if (value > 0) lowest_positive = std::min(lowest_positive, value);
  sum += value;
  ++count;
}

void Extent::add(const Extent& other) {
  lowest = std::min(lowest, other.lowest);
  highest = std::max(highest, other.highest);
  lowest_positive = std::min(lowest_positive, other.lowest_positive);
  sum += other.sum;
  count += other.count;
}

void Pyramid::clear() {
  levels_.clear();
  seen_ = 0;
  values_read_ = 0;
}

void Pyramid::update(std::span<const double> values) {
  const bool other_column =
      values.size() < seen_ ||
      (seen_ > 0 && (!same_bits(values[0], first_value_) || !same_bits(values[seen_ - 1], last_value_)));
  if (other_column) clear();
  if (values.empty() || values.size() == seen_) return;
  if (levels_.empty()) levels_.emplace_back();

  auto& base = levels_[0];
  while ((base.size() + 1) * kFirstBlock <= values.size()) {
    Extent block;
    for (const double value : values.subspan(base.size() * kFirstBlock, kFirstBlock)) block.add(value);
    values_read_ += kFirstBlock;
    base.push_back(block);
  }
  for (std::size_t level = 0; levels_[level].size() >= kFan; ++level) {
    if (level + 1 == levels_.size()) levels_.emplace_back();
    const auto& below = levels_[level];
    auto& above = levels_[level + 1];
    while ((above.size() + 1) * kFan <= below.size()) {
      Extent block;
      for (std::size_t i = above.size() * kFan; i < (above.size() + 1) * kFan; ++i) block.add(below[i]);
      above.push_back(block);
    }
  }
  seen_ = values.size();
  first_value_ = values.front();
  last_value_ = values.back();
}

Extent Pyramid::range(std::span<const double> values, std::size_t first, std::size_t last) const {
  Extent result;
  last = std::min(last, values.size());
  std::size_t i = first;
  while (i < last) {
    // The largest stored block that begins at i and ends within the stretch.
    std::size_t size = kFirstBlock;
    std::size_t best = 0;
    const Extent* block = nullptr;
    for (const auto& level : levels_) {
      if (i % size != 0 || i + size > last || i / size >= level.size()) break;
      block = &level[i / size];
      best = size;
      size *= kFan;
    }
    if (block) {
      result.add(*block);
      i += best;
    } else {
      result.add(values[i]);
      ++i;
    }
  }
  return result;
}

}  // namespace grapevine
