// Numbers of 16 bits, as networks are often kept in: both become float without loss. Any thread.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace grapevine {

/// IEEE 754's binary16: float16, half.
inline float from_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const float sign = bits >> 15 ? -1.0F : 1.0F;
  if (exponent == 31)
    return fraction ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
  return exponent == 0 ? sign * std::ldexp(static_cast<float>(fraction), -24)
                       : sign * std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
}
/// bfloat16: the upper half of a float.
inline float from_brain_float(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

/// The bytes of `count` floats.
inline std::vector<std::uint8_t> widened(const std::uint8_t* from, std::size_t count,
                                         float (*widen)(std::uint16_t)) {
  std::vector<std::uint8_t> bytes(count * sizeof(float));
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, from + sizeof bits * i, sizeof bits);
    const float value = widen(bits);
    std::memcpy(bytes.data() + sizeof value * i, &value, sizeof value);
  }
  return bytes;
}

}  // namespace grapevine
