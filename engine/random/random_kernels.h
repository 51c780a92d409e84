// The inner loops behind random.h, float32 on the host: branch-free, so that the compiler makes vector code
// of them for the processor it runs on. No sum of products is contracted, so every processor computes the
// same numbers. Any thread may call.
#pragma once

#include <cstdint>

namespace grapevine {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection whose outputs for consecutive inputs
/// look random. Word number i of a key is mix(key + (i + 1) · golden).
constexpr std::uint64_t golden = 0x9e3779b97f4a7c15ULL;
constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// out[k] = low + span · u, u in [0, 1) from the upper 52 bits of word number first + k; in float32 u may
/// round up to 1.
void fill_units(float* out, std::int64_t first, std::int64_t count, std::uint64_t key, float low, float span);

/// How many numbers a block of normals holds: fill_normals starts at a block's first.
constexpr std::int64_t normal_block = 128;

/// out[k] ~ N(0, 1) by Box and Muller, a word a pair. With u = (word >> 33) · 2⁻³¹ + 2⁻³² and v the word's
/// lower 32 bits, signed, · 2⁻³², both in float32, number i of block b is √(−2 ln u) cos 2πv of word 64 b + i
/// for i < 64, and √(−2 ln u) sin 2πv of word 64 b + i − 64 above. Within 4e-6 of what exact arithmetic makes
/// of u and v; |out| < 6.7.
void fill_normals(float* out, std::int64_t first_block, std::int64_t count, std::uint64_t key);

}  // namespace grapevine
