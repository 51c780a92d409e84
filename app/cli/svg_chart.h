// Curves as an SVG drawing for a page. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace grapevine::cli {

struct ChartLine {
  std::string label;
  std::uint32_t colour = 0;       ///< 0xRRGGBB
  std::size_t dash = 0;           ///< dash_of_line()
  std::vector<double> x, y;       ///< values that are not numbers leave a gap
  std::vector<double> low, high;  ///< a group's band around y; empty = none
  bool is_member = false;         ///< one run of a group: thin, behind all others, not in the legend
};

struct Chart {
  std::string title, x_label;
  bool in_percent = false;
  std::vector<ChartLine> lines;
  std::string note;  ///< the legend's last line; "" = none
};

struct ChartPage;  // chart_page.h

/// "" where no line has a number.
std::string svg_of(const Chart& chart);
/// A complete document.
std::string svg_of(const ChartPage& page);
/// Text for HTML or XML: what has a meaning there is escaped, control characters are left out.
std::string escaped_html(const std::string& text);

}  // namespace grapevine::cli
