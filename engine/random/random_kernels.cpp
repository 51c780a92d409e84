#include "engine/random/random_kernels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include "engine/random/vector_code.h"

namespace grapevine {
namespace {

// 1 + u, u in [0, 1) from the upper 52 bits as a mantissa: AVX2 has no conversion from 64-bit integers.
GRAPEVINE_INLINE double one_and_unit(std::uint64_t word) {
  return std::bit_cast<double>((word >> 12) | 0x3ff0000000000000ULL);
}

// ln x for normal x > 0: x = m 2ᵏ with m within √½ … √2, and ln m = 2 artanh s, s = (m − 1)/(m + 1), |s| <
// 0.172.
GRAPEVINE_INLINE float log_of(float x) {
  const std::int32_t bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t k = (bits - 0x3f3504f3) >> 23;  // 0x3f3504f3 is √½
  const float m = std::bit_cast<float>(bits - k * (1 << 23));
  const float s = (m - 1.0f) / (m + 1.0f), q = s * s;
  const float series = 1.0f + q * (1.0f / 3 + q * (1.0f / 5 + q * (1.0f / 7 + q * (1.0f / 9))));
  return static_cast<float>(k) * std::numbers::ln2_v<float> + 2.0f * s * series;
}

struct Turn {
  float cosine, sine;
};

// cos 2πv and sin 2πv for |v| ≤ ½: the nearest quarter turn taken off, the Taylor series for the rest.
GRAPEVINE_INLINE Turn turn_of(float v) {
  const std::int32_t quarter = static_cast<std::int32_t>(v * 4.0f + 2.5f) - 2;  // −2 … 2
  const float x = (v - 0.25f * static_cast<float>(quarter)) * (2 * std::numbers::pi_v<float>);
  const float q = x * x;
  const float s = x * (1.0f + q * (-1.0f / 6 + q * (1.0f / 120 + q * (-1.0f / 5040 + q * (1.0f / 362880)))));
  const float c = 1.0f + q * (-1.0f / 2 + q * (1.0f / 24 + q * (-1.0f / 720 + q * (1.0f / 40320))));
  const float cosine = (quarter & 1) ? s : c, sine = (quarter & 1) ? c : s;
  return {((quarter + 1) & 2) ? -cosine : cosine, (quarter & 2) ? -sine : sine};
}

// Multiples of golden from a table: a 64-bit product is three in AVX2.
constexpr std::int64_t block = normal_block / 2;
constexpr auto strides = [] {
  std::array<std::uint64_t, block> all{};
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = k * golden;
  return all;
}();
GRAPEVINE_INLINE std::uint64_t place_of(std::int64_t index) {
  return (static_cast<std::uint64_t>(index) + 1) * golden;
}

}  // namespace

GRAPEVINE_VECTOR void fill_units(float* out, std::int64_t first, std::int64_t count, std::uint64_t key,
                                 float low, float span) {
  for (std::int64_t begin = 0; begin < count; begin += block) {
    const std::uint64_t start = key + place_of(first + begin);
    const std::int64_t here = std::min(block, count - begin);
    for (std::int64_t k = 0; k < here; ++k)
      out[begin + k] = low + span * static_cast<float>(one_and_unit(mix(start + strides[k])) - 1.0);
  }
}

GRAPEVINE_VECTOR void fill_normals(float* out, std::int64_t first_block, std::int64_t count,
                                   std::uint64_t key) {
  for (std::int64_t begin = 0; begin < count; begin += normal_block, ++first_block) {
    const std::uint64_t start = key + place_of(first_block * block);
    std::int32_t upper[block], lower[block];
    for (std::int64_t k = 0; k < block; ++k) {
      const std::uint64_t word = mix(start + strides[k]);
      upper[k] = static_cast<std::int32_t>(word >> 33);
      lower[k] = static_cast<std::int32_t>(word);
    }
    float numbers[normal_block];
    const std::int64_t here = std::min(normal_block, count - begin);
    float* const to = here == normal_block ? out + begin : numbers;
    for (std::int64_t k = 0; k < block; ++k) {
      const float u = (static_cast<float>(upper[k]) + 0.5f) * 0x1p-31f;  // in (0, 1]
      const float radius = std::sqrt(-2.0f * log_of(u));
      const Turn turn = turn_of(static_cast<float>(lower[k]) * 0x1p-32f);
      to[k] = radius * turn.cosine;
      to[block + k] = radius * turn.sine;
    }
    if (here < normal_block) std::copy_n(numbers, here, out + begin);
  }
}

}  // namespace grapevine
