#include "engine/feedback/lesioned.h"

#include <cmath>

namespace grapevine {
namespace {

/// A rotation draws besides a matrix that was drawn with the same key, and is not that matrix.
constexpr std::uint64_t direction_word = 1;

at::Tensor gaussian(at::IntArrayRef sizes, const at::TensorOptions& options, RandomKey key) {
  at::Tensor drawn = at::empty(sizes, options);
  fill_gaussian(drawn, key.with(direction_word));
  return drawn;
}

template <class Inner>
at::Tensor turn(const at::Tensor& b, const at::Tensor& random, double degrees, Inner inner) {
  const double angle = degrees * std::acos(-1.0) / 180;
  const double square = inner(b, b);
  if (!(square > 0)) return b;
  const at::Tensor aside = random - b * (inner(random, b) / square);
  const double length = std::sqrt(inner(aside, aside));
  if (!(length > 0)) return b;
  return b * std::cos(angle) + aside * (std::sin(angle) * std::sqrt(square) / length);
}

}  // namespace

at::Tensor rotated(const at::Tensor& b, double degrees, const FeedbackStructure& structure,
                   std::int64_t classes, RandomKey key) {
  const at::Tensor random = gaussian({classes, structure.features(b)}, b.options(), key);
  return turn(b, structure.project(random), degrees, [&](const at::Tensor& one, const at::Tensor& other) {
    return structure.inner(one, other).item<double>();
  });
}

at::Tensor rotated(const at::Tensor& weight, double degrees, RandomKey key) {
  return turn(
      weight, gaussian(weight.sizes(), weight.options(), key), degrees,
      [](const at::Tensor& one, const at::Tensor& other) { return (one * other).sum().item<double>(); });
}

void take_over(at::Tensor& b, const at::Tensor& target) {
  const at::Tensor has_direction = at::linalg_vector_norm(target, 2, at::IntArrayRef{0}, true).gt(0);
  b.copy_(at::where(has_direction, target, b));
}

}  // namespace grapevine
