#include "engine/session/inspection.h"

#include <algorithm>
#include <numeric>

namespace grapevine {

Matrix left_over(const Inspection& inspection) {
  const Matrix &b = inspection.feedback, &j = inspection.jacobian;
  if (b.empty() || b.values.size() != j.values.size() || !std::isfinite(inspection.alpha)) return {};
  Matrix rest{b.rows, b.columns, b.values};
  for (std::size_t i = 0; i < rest.values.size(); ++i)
    rest.values[i] -= static_cast<float>(inspection.alpha) * j.values[i];
  return rest;
}

double frobenius(const Matrix& matrix) {
  double sum = 0;
  for (const float value : matrix.values) sum += static_cast<double>(value) * value;
  return std::sqrt(sum);
}

double size_of_share(const Matrix& matrix, double share) {
  std::vector<float> sizes;
  for (const float value : matrix.values)
    if (std::isfinite(value)) sizes.push_back(std::abs(value));
  if (sizes.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(sizes.size() - 1));
  std::nth_element(sizes.begin(), sizes.begin() + place, sizes.end());
  return sizes[static_cast<std::size_t>(place)];
}

std::vector<std::int64_t> longest_first(const Matrix& matrix, std::int64_t features) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(features));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  if (matrix.empty()) return order;
  std::vector<double> squares(order.size(), 0);
  for (std::int64_t row = 0; row < matrix.rows; ++row)
    for (std::int64_t column = 0; column < matrix.columns; ++column)
      squares[static_cast<std::size_t>(column)] += std::pow(matrix.at(row, column), 2);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return squares[static_cast<std::size_t>(a)] > squares[static_cast<std::size_t>(b)];
  });
  return order;
}

Histogram histogram_of(const std::vector<float>& values, double low, double high, int bins) {
  Histogram histogram{low, high, std::vector<std::int64_t>(static_cast<std::size_t>(bins), 0)};
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const double place = (value - low) / (high - low) * bins;
    ++histogram.counts[static_cast<std::size_t>(std::clamp(place, 0.0, bins - 1.0))];
  }
  return histogram;
}

double median_of(std::vector<float> values) {
  std::erase_if(values, [](float value) { return !std::isfinite(value); });
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t half = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), values.end());
  if (values.size() % 2 == 1) return values[half];
  const float below = *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half));
  return (static_cast<double>(below) + values[half]) / 2;
}

}  // namespace grapevine
