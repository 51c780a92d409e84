// Exponential smoothing without the bias towards zero at the start:
//   m_i = a·m_{i−1} + (1 − a)·x_i,  m_0 = 0;  s_i = m_i / (1 − a^n),  n the number of finite values so far.
// What is not finite stays a gap and leaves the mean as it was. Grows with its column. One thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace grapevine {

class Smoothing {
 public:
  /// Takes in what was appended; another `weight` (0 ≤ a < 1) or another column rebuilds everything.
  void update(std::span<const double> values, double weight);
  std::span<const double> values() const { return smoothed_; }

 private:
  std::vector<double> smoothed_;
  double weight_ = -1;
  double mean_ = 0;
  double remaining_ = 1;  ///< a^n
  double first_value_ = 0;
  double last_value_ = 0;
};

}  // namespace grapevine
