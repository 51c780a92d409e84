#include "engine/data/resample.h"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

/// What one pixel of the result is made of.
struct Weights {
  int first = 0;
  std::vector<float> of;
};

// The triangle is as wide as a pixel of the larger of the two grids: smaller images are averages.
std::vector<Weights> weights_of(int from, int to) {
  const double scale = static_cast<double>(from) / to, width = std::max(1.0, scale);
  std::vector<Weights> all(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double middle = (i + 0.5) * scale;
    const int begin = std::max(0, static_cast<int>(std::floor(middle - width)));
    const int end = std::min(from, static_cast<int>(std::ceil(middle + width)) + 1);
    Weights& weights = all[static_cast<std::size_t>(i)];
    weights.first = begin;
    double sum = 0;
    for (int k = begin; k < end; ++k) {
      const double weight = std::max(0.0, 1 - std::abs(k + 0.5 - middle) / width);
      weights.of.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& weight : weights.of) weight = static_cast<float>(weight / sum);
  }
  return all;
}

}  // namespace

Picture middle_square(const Picture& picture) {
  const auto& [channels, height, width] = picture.size;
  const int side = std::min(height, width), top = (height - side) / 2, left = (width - side) / 2;
  Picture square{{channels, side, side}, {}};
  square.planes.reserve(static_cast<std::size_t>(channels) * static_cast<std::size_t>(side) *
                        static_cast<std::size_t>(side));
  for (int c = 0; c < channels; ++c)
    for (int y = 0; y < side; ++y) {
      const auto row =
          picture.planes.begin() + ((static_cast<std::ptrdiff_t>(c) * height + top + y) * width + left);
      square.planes.insert(square.planes.end(), row, row + side);
    }
  return square;
}

Picture square_of(const Picture& picture, int side) {
  const Picture square = middle_square(picture);
  const int from = square.size.height;
  if (from == side) return square;
  const std::vector<Weights> weights = weights_of(from, side);
  Picture result{{square.size.channels, side, side}, {}};
  const auto area = static_cast<std::size_t>(from) * static_cast<std::size_t>(from);
  std::vector<float> narrow(static_cast<std::size_t>(from) * static_cast<std::size_t>(side));
  for (int c = 0; c < square.size.channels; ++c) {
    const std::uint8_t* plane = square.planes.data() + static_cast<std::size_t>(c) * area;
    std::size_t at = 0;
    for (int y = 0; y < from; ++y)
      for (const Weights& w : weights) {
        const std::uint8_t* row =
            plane + static_cast<std::size_t>(y) * static_cast<std::size_t>(from) + w.first;
        float sum = 0;
        for (std::size_t k = 0; k < w.of.size(); ++k) sum += w.of[k] * row[k];
        narrow[at++] = sum;
      }
    for (const Weights& w : weights)
      for (int x = 0; x < side; ++x) {
        float sum = 0;
        for (std::size_t k = 0; k < w.of.size(); ++k)
          sum += w.of[k] * narrow[(static_cast<std::size_t>(w.first) + k) * static_cast<std::size_t>(side) +
                                  static_cast<std::size_t>(x)];
        result.planes.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(sum), 0L, 255L)));
      }
  }
  return result;
}

}  // namespace grapevine
