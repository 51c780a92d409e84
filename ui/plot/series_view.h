// A stored series seen along one time axis, without a copy. Valid as long as the series lives and doesn't
// change.
#pragma once

#include <cstddef>
#include <span>

#include "engine/runs/run_data.h"
#include "ui/plot/time_axis.h"

namespace grapevine {

class SeriesView {
 public:
  SeriesView() = default;
  /// `samples_per_step`: of training data, where the axis counts those.
  SeriesView(const Series& series, TimeAxis axis, double samples_per_step = 1)
      : series_(&series), axis_(axis), samples_per_step_(samples_per_step) {}

  bool valid() const { return series_ != nullptr; }
  std::size_t size() const { return series_ ? series_->size() : 0; }
  bool empty() const { return size() == 0; }
  /// Never decreases with i.
  double x(std::size_t i) const;
  double y(std::size_t i) const { return series_->value[i]; }
  std::span<const double> values() const {
    return series_ ? std::span<const double>(series_->value) : std::span<const double>();
  }
  const Series* series() const { return series_; }
  TimeAxis axis() const { return axis_; }

  /// The first sample at or after `at`, searched from `from` on.
  std::size_t lower_bound(double at, std::size_t from = 0) const;
  /// The sample nearest to `at`; size() when there is none.
  std::size_t nearest(double at) const;

 private:
  const Series* series_ = nullptr;
  TimeAxis axis_ = TimeAxis::step;
  double samples_per_step_ = 1;
};

}  // namespace grapevine
