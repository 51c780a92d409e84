// UTF-8, code point by code point.
#include "app/cli/foreign_text.h"

#include <cstdint>
#include <cstdio>

namespace grapevine::cli {
namespace {

constexpr std::uint32_t no_character = 0xFFFD;

struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;
};

/// The code point at the beginning of `text`; a byte that is no UTF-8 counts as one of its own, and so does
/// what says a character in more bytes than it takes.
CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
  if (length == 0 || length > text.size() || first > 0xF4) return {no_character, 1};
  if (length == 1) return {first, 1};
  std::uint32_t value = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {no_character, 1};
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[length] || value > 0x10FFFF || surrogate) return {no_character, 1};
  return {value, length};
}

bool is_control(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/// Direction marks and overrides, separators of lines and paragraphs, invisible characters, tags.
bool is_hidden(std::uint32_t c) {
  return c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

int columns_of(std::uint32_t c) {
  const bool none = (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) ||
                    (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F);
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0x1F300 && c <= 0x1FAFF);
  return none ? 0 : wide ? 2 : 1;
}

/// As JSON escapes it, in two halves above 0xFFFF.
std::string escaped(std::uint32_t c) {
  char text[16];
  if (c <= 0xFFFF) {
    std::snprintf(text, sizeof text, "\\u%04x", c);
  } else {
    std::snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10),
                  0xDC00 + ((c - 0x10000) & 0x3FF));
  }
  return text;
}

/// Each code point as `spoken(code point, its bytes)` has it.
template <class Spoken>
std::string rewritten(std::string_view text, Spoken spoken) {
  std::string result;
  while (!text.empty()) {
    const CodePoint point = decode(text);
    result += spoken(point.value, text.substr(0, point.bytes));
    text.remove_prefix(point.bytes);
  }
  return result;
}

}  // namespace

std::string clean(std::string_view text) {
  return rewritten(text, [](std::uint32_t c, std::string_view bytes) -> std::string {
    if (c == '\n' || c == '\t') return " ";
    if (c == no_character) return "\xEF\xBF\xBD";
    return is_control(c) || is_hidden(c) ? "?" : std::string(bytes);
  });
}

std::string clean_json(std::string_view document) {
  return rewritten(document, [](std::uint32_t c, std::string_view bytes) -> std::string {
    if (c == no_character) return "\xEF\xBF\xBD";
    return (is_control(c) && c != '\n') || is_hidden(c) ? escaped(c) : std::string(bytes);
  });
}

std::string as_utf8(std::string_view text) {
  return rewritten(text, [](std::uint32_t c, std::string_view bytes) {
    return c == no_character ? std::string("\xEF\xBF\xBD") : std::string(bytes);
  });
}

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const CodePoint point = decode(text);
    width += columns_of(point.value);
    text.remove_prefix(point.bytes);
  }
  return width;
}

std::string clipped(std::string_view text, int width) {
  std::size_t end = 0;
  int columns = 0;
  while (end < text.size()) {
    const CodePoint point = decode(text.substr(end));
    columns += columns_of(point.value);
    if (columns > width) break;
    end += point.bytes;
  }
  return std::string(text.substr(0, end));
}

}  // namespace grapevine::cli
