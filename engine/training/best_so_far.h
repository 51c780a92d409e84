// Whether a racer still improves, epoch by epoch: what decides train.patience and checkpoint.keep. A value;
// plain arithmetic.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>

#include "engine/experiment/measure.h"

namespace grapevine {

class BestSoFar {
 public:
  /// Watches no measure.
  BestSoFar() = default;
  BestSoFar(const MeasureDescriptor& measure, std::int64_t patience)
      : measure_(&measure), patience_(patience) {}

  const MeasureDescriptor* measure() const { return measure_; }
  double value() const { return value_; }
  std::int64_t step() const { return step_; }
  std::int64_t waited() const { return waited_; }

  /// Of an epoch that ended at `step`. The earliest of equal values is the best; what is not a number never
  /// is.
  void note(double value, std::int64_t step) {
    const bool ahead = std::isfinite(value) && (step_ < 0 || measure_->is_ahead(value, value_));
    waited_ = ahead ? 0 : waited_ + 1;
    if (!ahead) return;
    value_ = value;
    step_ = step;
  }
  bool is_over() const { return patience_ > 0 && waited_ >= patience_; }

  /// For checkpoints: nothing where no measure is watched.
  void save(std::map<std::string, double>& numbers) const {
    if (!measure_) return;
    numbers["monitor/value"] = value_;
    numbers["monitor/step"] = static_cast<double>(step_);
    numbers["monitor/waited"] = static_cast<double>(waited_);
  }
  void load(const std::map<std::string, double>& numbers) {
    if (!measure_ || !numbers.contains("monitor/step")) return;
    value_ = numbers.at("monitor/value");
    step_ = static_cast<std::int64_t>(numbers.at("monitor/step"));
    waited_ = static_cast<std::int64_t>(numbers.at("monitor/waited"));
  }

 private:
  const MeasureDescriptor* measure_ = nullptr;
  std::int64_t patience_ = 0;
  double value_ = 0;
  std::int64_t step_ = -1;   ///< of the best; -1 = none yet
  std::int64_t waited_ = 0;  ///< epochs since
};

}  // namespace grapevine
