// Centimetres, columns and panel letters.
#include "engine/runs/figure_page.h"

#include <algorithm>
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/number_text.h"

namespace grapevine {

double read_length(const std::string& name, const std::string& text, double low, double high,
                   const std::string& unit) {
  std::string digits = text;
  if (digits.ends_with(unit)) digits.resize(digits.size() - unit.size());
  while (digits.ends_with(' ')) digits.pop_back();
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
  if (!is_number || !(value >= low && value <= high))
    throw InputError(name + ": '" + text + "' is not valid: enter a number from " + short_text(low, 6) +
                     " to " + short_text(high, 6) + " (" + unit + ")");
  return value;
}

std::string panel_letter(std::size_t panel) {
  std::string letters;
  for (std::size_t rest = panel + 1; rest > 0; rest = (rest - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('a' + (rest - 1) % 26));
  return letters;
}

PageGrid page_grid(double width, int columns, double gap, const std::vector<double>& heights) {
  PageGrid grid;
  grid.width = width;
  const auto side_by_side = static_cast<std::size_t>(columns);
  const double panel = (width - gap * (columns - 1)) / columns;
  for (std::size_t first = 0; first < heights.size(); first += side_by_side) {
    const std::size_t end = std::min(first + side_by_side, heights.size());
    const auto from = static_cast<std::ptrdiff_t>(first), to = static_cast<std::ptrdiff_t>(end);
    const double row = *std::max_element(heights.begin() + from, heights.begin() + to);
    const double top = first == 0 ? 0 : grid.height + gap;
    for (std::size_t i = first; i < end; ++i)
      grid.places.push_back({static_cast<double>(i - first) * (panel + gap), top, panel, row});
    grid.height = top + row;
  }
  return grid;
}

double panel_width(double width, int columns, double gap, double letter) {
  constexpr double least_letters = 14;  // an axis, a title and some room between them
  const double panel = (width - gap * (columns - 1)) / columns;
  if (panel < least_letters * letter) {
    const auto fitting = static_cast<int>(std::max(1.0, (width + gap) / (least_letters * letter + gap)));
    throw InputError(std::to_string(columns) + (columns == 1 ? " column" : " columns") + " of figures in " +
                     short_text(width / pixels_a_centimetre, 3) + " cm leave " +
                     short_text(std::max(0.0, panel) / pixels_a_centimetre, 2) +
                     " cm for each, too little for letters of " + short_text(letter / pixels_a_point, 3) +
                     " points: take a wider page, smaller letters" +
                     (columns > fitting
                          ? " or at most " + std::to_string(fitting) + (fitting == 1 ? " column" : " columns")
                          : std::string()));
  }
  return panel;
}

void check_panel_height(double height, double letter) {
  constexpr double least_letters = 10;  // a title, an axis with its name and some room between them
  if (height >= least_letters * letter) return;
  throw InputError("a figure of " + short_text(std::max(0.0, height) / pixels_a_centimetre, 2) +
                   " cm is too low for letters of " + short_text(letter / pixels_a_point, 3) +
                   " points: make it at least " +
                   short_text(std::ceil(least_letters * letter / pixels_a_centimetre * 10) / 10, 3) +
                   " cm high, or take smaller letters");
}

}  // namespace grapevine
