#include "engine/inspection/arithmetic.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/number_text.h"

namespace grapevine {

std::string written(double number) {
  if (!std::isfinite(number)) return "not a number";
  const double size = std::abs(number);
  std::string text = size == 0 || size >= 1e-3 ? fixed_text(size, 4) : short_text(size, 3);
  if (text.find('.') != std::string::npos && text.find('e') == std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return number < 0 ? "−" + text : text;
}

std::string as_factor(double number) {
  const std::string text = written(number);
  return number < 0 ? "(" + text + ")" : text;
}

double sum_of(const std::vector<Term>& terms, double constant) {
  double sum = constant;
  for (const Term& term : terms) sum += term.left * term.right;
  return sum;
}

std::string written_sum(const std::vector<Term>& terms, std::optional<double> constant) {
  std::vector<Term> shown = terms;
  std::string rest;
  if (terms.size() > terms_written) {
    std::stable_sort(shown.begin(), shown.end(), [](const Term& a, const Term& b) {
      return std::abs(a.left * a.right) > std::abs(b.left * b.right);
    });
    const auto cut = shown.begin() + static_cast<std::ptrdiff_t>(terms_written - 2);
    const double others = sum_of({cut, shown.end()});
    rest = " + … (" + std::to_string(shown.end() - cut) + " smaller terms: " + written(others) + ")";
    shown.erase(cut, shown.end());
  }
  std::string text;
  for (const Term& term : shown)
    text += (text.empty() ? "" : " + ") + as_factor(term.left) + "·" + as_factor(term.right);
  text += rest;
  if (constant) text += (text.empty() ? "" : " + ") + as_factor(*constant);
  return text;
}

std::string with_index(const std::string& sign, int index) {
  static const char* digits[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
  std::string text = sign;
  for (const char digit : std::to_string(index)) text += digits[digit - '0'];
  return text;
}

std::string entry(const std::string& sign, int index, std::optional<std::int64_t> sample, std::int64_t unit) {
  return with_index(sign, index) + "[" + (sample ? "n=" + std::to_string(*sample) + ", " : "") +
         std::to_string(unit) + "]";
}

}  // namespace grapevine
