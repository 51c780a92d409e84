#include "engine/experiment/number_hint.h"

#include <charconv>
#include <cmath>

#include "engine/experiment/number_text.h"

namespace grapevine {
namespace {

bool is_number(std::string_view text, double* number = nullptr) {
  double own = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), own);
  if (number) *number = own;
  return !text.empty() && error == std::errc() && end == text.data() + text.size() && std::isfinite(own);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Thousands, as in 1,000 or 1 000 000: without what is between them; "" where the groups are none.
std::string without_separators(std::string_view text) {
  constexpr std::string_view separators = ",_ '";
  std::string plain;
  std::size_t group = 0;  // digits since the last separator
  bool any = false;
  for (const char c : text) {
    if (is_digit(c)) {
      plain += c;
      ++group;
      continue;
    }
    if (separators.find(c) == std::string_view::npos || (any ? group != 3 : group < 1 || group > 3))
      return "";
    any = true;
    group = 0;
  }
  return any && group == 3 && plain.front() != '0' ? plain : "";
}

}  // namespace

std::string number_hint(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  if (first == std::string_view::npos) return "";
  const std::string whole(text.substr(first, last - first + 1));
  if (whole.size() < text.size() && is_number(whole)) return "write " + whole + ", without blanks";
  if (const std::string plain = without_separators(whole); !plain.empty())
    return "write " + plain + ", without separators";
  double number = 0;
  if (whole.ends_with('%') && is_number(std::string_view(whole).substr(0, whole.size() - 1), &number))
    return "for " + whole + " write " + short_text(number / 100, 15);
  std::string pointed = whole;
  if (const std::size_t comma = pointed.find(','); comma != std::string::npos) {
    pointed[comma] = '.';
    if (is_number(pointed)) return "write " + pointed + ", with a point";
  }
  if (whole.starts_with("0x") || whole.starts_with("0X")) return "write it in decimal";
  return "";
}

}  // namespace grapevine
