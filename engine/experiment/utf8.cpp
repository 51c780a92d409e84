#include "engine/experiment/utf8.h"

#include <algorithm>
#include <cstdint>

namespace grapevine {
namespace {

/// Bytes of the character at the beginning of `text`; 0 when none begins there.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 && first <= 0xF4   ? 4
                             : first >= 0xE0 && first <= 0xEF ? 3
                             : first >= 0xC2 && first <= 0xDF ? 2
                                                              : 0;
  if (length == 0 || text.size() < length) return 0;
  // RFC 3629, section 4: the second byte's range depends on the first.
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte(i) & 0xC0u) != 0x80) return 0;
  return length;
}

using namespace std::string_view_literals;

/// How a text's numbers lie in its bytes.
struct Units {
  std::size_t size = 0;  ///< bytes of one; 0: the text is not known to be of such
  bool big_first = false;
  std::size_t mark = 0;  ///< bytes of the byte-order mark
};

Units marked_units(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe\0\0"sv)) return {4, false, 4};
  if (bytes.starts_with("\0\0\xfe\xff"sv)) return {4, true, 4};
  if (bytes.starts_with("\xff\xfe"sv)) return {2, false, 2};
  if (bytes.starts_with("\xfe\xff"sv)) return {2, true, 2};
  return {};
}

/// Without a mark: by the zero bytes of the first two letters or the first one, which are plain ones mostly.
Units guessed_units(std::string_view bytes) {
  if (bytes.size() < 4) return {};
  std::string zeros;
  for (const char c : bytes.substr(0, 4)) zeros += c == 0 ? '0' : 'x';
  if (zeros == "x000") return {4, false, 0};
  if (zeros == "000x") return {4, true, 0};
  if (zeros == "x0x0") return {2, false, 0};
  if (zeros == "0x0x") return {2, true, 0};
  return {};
}

std::uint32_t unit_at(std::string_view bytes, std::size_t at, const Units& units) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < units.size; ++i) {
    const std::size_t byte = units.big_first ? i : units.size - 1 - i;
    number = number << 8 | static_cast<unsigned char>(bytes[at + byte]);
  }
  return number;
}

void append(std::string& text, std::uint32_t code) {
  const auto more = [&](int shift) { text += static_cast<char>(0x80u | (code >> shift & 0x3fu)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0u | code >> 6), more(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0u | code >> 12), more(6), more(0);
  } else {
    text += static_cast<char>(0xf0u | code >> 18), more(12), more(6), more(0);
  }
}

bool is_high(std::uint32_t code) {
  return code >= 0xd800 && code < 0xdc00;
}
bool is_low(std::uint32_t code) {
  return code >= 0xdc00 && code < 0xe000;
}

/// Bytes that are in no text, whatever its encoding of one byte per letter.
bool has_controls(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](unsigned char c) {
    return c == 0x7f || (c < 0x20 && !(c >= '\t' && c <= '\r') && c != 0x1b);
  });
}

}  // namespace

std::size_t valid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = character(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

std::string other_encoding(std::string_view bytes) {
  Units units = marked_units(bytes);
  if (units.size == 0) units = guessed_units(bytes);
  if (units.size > 0) return units.size == 2 ? "UTF-16" : "UTF-32";
  return valid_utf8(bytes) == bytes.size() || has_controls(bytes) ? "" : "Latin-1 or Windows-1252";
}

std::string in_utf8(std::string_view bytes) {
  const Units units = marked_units(bytes);
  if (units.size == 0) return std::string(bytes.substr(bytes.starts_with("\xef\xbb\xbf") ? 3 : 0));
  constexpr std::uint32_t replacement = 0xfffd;
  std::string text;
  for (std::size_t at = units.mark; at + units.size <= bytes.size(); at += units.size) {
    std::uint32_t code = unit_at(bytes, at, units);
    const bool pair = units.size == 2 && is_high(code) && at + 4 <= bytes.size();
    if (const std::uint32_t second = pair ? unit_at(bytes, at + 2, units) : 0; is_low(second)) {
      code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
      at += 2;
    }
    append(text, code > 0x10ffff || is_high(code) || is_low(code) ? replacement : code);
  }
  if ((bytes.size() - units.mark) % units.size != 0) append(text, replacement);
  return text;
}

std::string in_one_line(std::string_view text) {
  std::string line;
  bool blank = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = std::max<std::size_t>(1, character(text.substr(i)));
    const std::string_view one = text.substr(i, length);
    i += length;
    const auto first = static_cast<unsigned char>(one[0]);
    // U+0080 to U+009F are control characters too, U+00A0 is a blank, U+2028 and U+2029 break lines.
    const bool is_blank = first <= 0x20 || first == 0x7F || (one >= "\xC2\x80" && one <= "\xC2\xA0") ||
                          one == "\u2028" || one == "\u2029" || one == "\u3000";
    if (!is_blank) line += (blank && !line.empty() ? " " : "") + std::string(one);
    blank = is_blank;
  }
  return line;
}

}  // namespace grapevine
