#include "engine/session/uuid.h"
#include <array>
#include <random>

namespace grapevine {

std::string make_uuid() {
  std::random_device entropy;
  std::array<std::uint32_t, 4> words{};
  for (auto& word : words) word = entropy();
  words[1] = (words[1] & 0xffff0fffu) | 0x00004000u;  // version 4
  words[2] = (words[2] & 0x3fffffffu) | 0x80000000u;  // variant 1
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) text += '-';
    text += digits[(words[static_cast<std::size_t>(nibble / 8)] >> (28 - 4 * (nibble % 8))) & 15u];
  }
  return text;
}

}  // namespace grapevine
