// What is inside one layer of a racer, as plain data: its matrices, what the samples' signals do, its
// activations, the papers' bounds. Computed by the worker between two steps, read by the code that draws it.
// Any thread may call.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace grapevine {

/// Row by row. Of a layer's: one row per class, one column per feature.
struct Matrix {
  std::int64_t rows = 0, columns = 0;
  std::vector<float> values;

  bool empty() const { return values.empty(); }
  float at(std::int64_t row, std::int64_t column) const {
    return values[static_cast<std::size_t>(row * columns + column)];
  }
};

/// Counts of equal bins between two values.
struct Histogram {
  double low = 0, high = 1;
  std::vector<std::int64_t> counts;
};

/// A lower bound of the papers with the value that it bounds.
struct BoundCheck {
  std::string what;  ///< "cos(Ĵ, J̄), equation 4"
  double measured = std::numeric_limits<double>::quiet_NaN();
  double bound = std::numeric_limits<double>::quiet_NaN();
  std::string condition;  ///< under which it holds
  std::string instead;    ///< what this run has in place of it; "" where the condition is met
};

struct Activations {
  double mean = 0, deviation = 0;
  double zeros = 0;  ///< share of all values
  double dead = 0;   ///< share of the features that are 0 in every sample
  Histogram histogram;
};

/// Which layer of which racers is inspected.
struct InspectionRequest {
  std::vector<int> racers;  ///< empty = all
  int point = 0;            ///< feedback point from 1; 0 = nothing is inspected
  bool operator==(const InspectionRequest&) const = default;
};

struct Inspection {
  int racer = 0, point = 0;
  std::int64_t step = 0;
  double epoch = 0;
  std::string trouble;  ///< why there is nothing else; "" where there is

  std::int64_t classes = 0, features = 0;
  std::vector<std::int64_t> shape;  ///< of the features: {n}, or {channels, height, width}
  std::int64_t samples = 0;  ///< of the batch that J̄, signals and activations are of; a text's tokens

  // Each with the words for why it is not there.
  Matrix feedback, estimate, jacobian;
  std::string no_feedback, no_estimate, no_jacobian;
  /// The least-squares scale: B − αJ̄ is as short as it can be. NaN without one of them.
  double alpha = std::numeric_limits<double>::quiet_NaN();
  double cos_b_j = std::numeric_limits<double>::quiet_NaN();
  std::vector<float> column_cosines;  ///< cos(B, J̄) of each feature's columns; NaN where one is zero
  /// Of BP's signal and the rule's, degrees; samples without a signal are left out.
  std::vector<float> sample_angles;
  std::string no_angles;
  /// Largest first.
  std::vector<double> singular_feedback, singular_estimate, singular_jacobian;
  Activations activations;
  std::vector<BoundCheck> bounds;
};

using InspectionSet = std::vector<Inspection>;

/// B − αJ̄; empty without both.
Matrix left_over(const Inspection& inspection);
double frobenius(const Matrix& matrix);
/// The size below which `share` of the entries lie; 0 for an empty matrix.
double size_of_share(const Matrix& matrix, double share);
/// Features in the order of their columns' length in `matrix`, the longest first; their own order where it is
/// empty.
std::vector<std::int64_t> longest_first(const Matrix& matrix, std::int64_t features);
/// So many bins over the values that are numbers; what lies outside counts in the outermost.
Histogram histogram_of(const std::vector<float>& values, double low, double high, int bins);
/// The middle one of the values that are numbers; NaN where there is none.
double median_of(std::vector<float> values);

}  // namespace grapevine
