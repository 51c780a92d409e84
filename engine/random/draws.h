// The random numbers of one training step, by name: a trainer derives them from the run's seed, a worked
// example brings its own. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "engine/random/random.h"

namespace grapevine {

class Draws {
 public:
  virtual ~Draws() = default;
  /// A key for this step's draws of a stream.
  virtual RandomKey key(Stream stream) const = 0;
  /// Fills N×n with the step's perturbation of a feedback point (from 1) in a direction (from 0); returns
  /// false when the caller should draw from key(Stream::perturbation) itself.
  virtual bool perturbation(int /*point*/, int /*direction*/, at::Tensor& /*out*/) { return false; }
  /// The same for a parameter's direction (fg_weight) and a transport's magnitude (brsf), by the parameter's
  /// name.
  virtual bool parameter_direction(const std::string& /*parameter*/, at::Tensor& /*out*/) { return false; }
  virtual bool magnitude(const std::string& /*layer*/, at::Tensor& /*out*/) { return false; }
};

/// Keyed by (run seed, stream, step).
class SeededDraws : public Draws {
 public:
  SeededDraws(std::int64_t seed, std::int64_t step) : seed_(seed), step_(step) {}
  RandomKey key(Stream stream) const override {
    return RandomKey::of(seed_, stream).with(static_cast<std::uint64_t>(step_));
  }

 private:
  std::int64_t seed_, step_;
};

}  // namespace grapevine
