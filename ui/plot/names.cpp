// Names where there is little room.
#include "ui/plot/names.h"

#include <vector>

namespace grapevine {
namespace {

/// Without what stands before each "=" within parentheses.
std::string without_keys(std::string_view name) {
  std::string kept;
  std::size_t key = std::string::npos;  // where a word within parentheses began
  for (const char c : name) {
    if (c == '=' && key != std::string::npos) {
      kept.resize(key);
      key = std::string::npos;
      continue;
    }
    kept += c;
    if (c == '(' || (c == ' ' && kept.find('(') != std::string::npos)) key = kept.size();
  }
  return kept;
}

/// Its characters, of one to four bytes each.
std::vector<std::string_view> characters(std::string_view utf8) {
  std::vector<std::string_view> found;
  for (std::size_t begin = 0; begin < utf8.size();) {
    std::size_t end = begin + 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xc0) == 0x80) ++end;
    found.push_back(utf8.substr(begin, end - begin));
    begin = end;
  }
  return found;
}

}  // namespace

std::string short_name(Painter& painter, std::string_view utf8, TextSize size, double width) {
  const auto fits = [&](std::string_view text) { return painter.measure(text, size).width <= width; };
  if (fits(utf8)) return std::string(utf8);
  std::string name = without_keys(utf8);
  if (fits(name)) return name;
  const std::vector<std::string_view> all = characters(name);
  // Two parts at the beginning for one at the end.
  for (std::size_t kept = all.size(); kept-- > 2;) {
    const std::size_t tail = name.ends_with(')') ? std::max<std::size_t>(1, kept / 2) : kept / 3;
    std::string tried;
    for (std::size_t i = 0; i < kept - tail; ++i) tried += all[i];
    tried += "…";
    for (std::size_t i = all.size() - tail; i < all.size(); ++i) tried += all[i];
    if (fits(tried)) return tried;
  }
  return shortened(painter, utf8, size, width);
}

}  // namespace grapevine
