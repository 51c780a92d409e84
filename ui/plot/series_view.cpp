// A stored series seen along one time axis.
#include "ui/plot/series_view.h"

#include <algorithm>

namespace grapevine {

double SeriesView::x(std::size_t i) const {
  switch (axis_) {
    case TimeAxis::step:
      return static_cast<double>(series_->step[i]);
    case TimeAxis::epoch:
      return series_->epoch[i];
    case TimeAxis::seconds:
      return series_->seconds[i];
    case TimeAxis::samples:
      return static_cast<double>(series_->step[i]) * samples_per_step_;
  }
  return 0;
}

std::size_t SeriesView::lower_bound(double at, std::size_t from) const {
  const std::size_t end = size();
  // Neighbouring pixel columns are asked for in turn: grow the stride first, then halve it.
  std::size_t low = from;
  std::size_t stride = 1;
  while (low + stride < end && x(low + stride) < at) {
    low += stride;
    stride *= 2;
  }
  std::size_t high = std::min(end, low + stride + 1);
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (x(middle) < at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::size_t SeriesView::nearest(double at) const {
  if (empty()) return 0;
  const std::size_t after = lower_bound(at);
  if (after == size()) return size() - 1;
  if (after == 0) return 0;
  return at - x(after - 1) <= x(after) - at ? after - 1 : after;
}

}  // namespace grapevine
