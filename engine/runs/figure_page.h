// A page of figures for a paper: its width in centimetres, how many are side by side, the size of its
// letters. Terminal and window lay out by it. Pure; any thread may call.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace grapevine {

inline constexpr double pixels_a_centimetre = 96 / 2.54;
inline constexpr double pixels_a_point = 96.0 / 72;

struct FigurePage {
  double width_cm = 0;  ///< 0 = as wide as a screen's page
  int columns = 1;
  double height_cm = 0;    ///< of a panel; 0 = by its width
  double font_points = 0;  ///< 0 = as on a screen
  std::string font;        ///< a face's name; "" = a sans-serif one
  bool letters = false;    ///< a, b, c … at the panels

  /// Nothing was asked for: one below the other, as large as on a screen.
  bool is_plain() const {
    return width_cm == 0 && columns == 1 && height_cm == 0 && font_points == 0 && font.empty() && !letters;
  }
};

/// "8.5" or "8.5cm" within these bounds; `name` is for the message. Throws InputError.
double read_length(const std::string& name, const std::string& text, double low, double high,
                   const std::string& unit);
/// Bounds of the three numbers above.
inline constexpr double narrowest_page = 3, widest_page = 100, lowest_panel = 1, highest_panel = 100,
                        smallest_letters = 4, largest_letters = 72;
inline constexpr int most_page_columns = 12;

/// 0 → "a", 25 → "z", 26 → "aa".
std::string panel_letter(std::size_t panel);

struct PagePlace {
  double x = 0, y = 0, width = 0, height = 0;
};
struct PageGrid {
  std::vector<PagePlace> places;
  double width = 0, height = 0;
};
/// Panels row by row in columns of one width; a row is as high as its highest panel.
PageGrid page_grid(double width, int columns, double gap, const std::vector<double>& heights);
/// How wide a panel is. Throws InputError where letters of this size would not fit.
double panel_width(double width, int columns, double gap, double letter);
/// Throws InputError where a panel of this height has no room for letters of this size.
void check_panel_height(double height, double letter);

}  // namespace grapevine
