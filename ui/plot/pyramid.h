// Minimum, maximum and sum over any stretch of a growing column in logarithmic time. Only complete blocks are
// stored, so what is stored never changes and an update costs what was appended. One thread at a time.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace grapevine {

/// Over the finite values; `lowest` > `highest` when there were none.
struct Extent {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
  double lowest_positive = std::numeric_limits<double>::infinity();  ///< for log axes
  double sum = 0;
  std::size_t count = 0;

  void add(double value);
  void add(const Extent& other);
  bool empty() const { return count == 0; }
  double mean() const {
    return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
  }
};

class Pyramid {
 public:
  /// Takes in what was appended since the last call. A column that became shorter, or whose values at the
  /// seam are others than before, is another column: everything is rebuilt.
  void update(std::span<const double> values);
  /// Over [first, last) of the column given to the last update.
  Extent range(std::span<const double> values, std::size_t first, std::size_t last) const;
  void clear();

  /// How many values updates have read since clear(): the measure of the work.
  std::size_t values_read() const { return values_read_; }

 private:
  static constexpr std::size_t kFirstBlock = 16;  ///< values in a block of level 0
  static constexpr std::size_t kFan = 8;          ///< blocks in a block of the next level

  std::vector<std::vector<Extent>> levels_;
  std::size_t seen_ = 0;
  double first_value_ = 0;
  double last_value_ = 0;
  std::size_t values_read_ = 0;
};

}  // namespace grapevine
