// Counter-based random numbers: a draw is a pure function of (run seed, stream, step, point, index). Nothing
// to save in a checkpoint, and no consumer's draws shift when another draws more. Any thread may call.
#pragma once

#include <cstdint>

namespace at {
class Tensor;
}

namespace grapevine {

/// Every consumer of randomness has a stream of its own.
enum class Stream : std::uint64_t {
  weights = 1,
  batches,
  perturbation,
  feedback,
  dropout,
  parameter_direction,
  transport,
  mirror,
  calibration,
  probe,
  augmentation,
  negatives,
  test,
  lesion,
};

struct RandomKey {
  std::uint64_t key = 0;

  static RandomKey of(std::int64_t seed, Stream stream);
  RandomKey with(
      std::uint64_t word) const;  ///< an independent key below this one (a step, a point, a direction)
  std::uint64_t word(std::uint64_t index) const;
  double uniform(std::uint64_t index) const;  ///< in [0, 1), a multiple of 2⁻⁵²
};

// Fill a contiguous float32 or float64 tensor, on the device where it is; the numbers depend neither on the
// device (normal ones to 1e-5) nor on threads. Normal numbers have float32's resolution in float64 tensors
// too.
void fill_rademacher(at::Tensor& out, RandomKey key);
void fill_gaussian(at::Tensor& out, RandomKey key);
void fill_uniform(at::Tensor& out, RandomKey key, double low, double high);
/// 1/(1−rate) with probability 1−rate, else 0.
void fill_dropout_mask(at::Tensor& out, RandomKey key, double rate);

}  // namespace grapevine
