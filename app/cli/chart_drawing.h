// A chart in lines and words, whatever they are written with: a frame with round numbers, lines, a legend.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/svg_chart.h"

namespace grapevine::cli {

/// What a chart is drawn with. Lengths are SVG's pixels, 96 an inch; y grows downwards.
class ChartPen {
 public:
  enum class Anchor { start, middle, end };
  using Points = std::vector<std::pair<double, double>>;

  virtual ~ChartPen() = default;
  virtual void text(double x, double y, const std::string& words, Anchor anchor, bool heading = false) = 0;
  /// Of the grid.
  virtual void rule(double x1, double y1, double x2, double y2) = 0;
  /// One line in pieces, between which it is lifted.
  virtual void line(const std::vector<Points>& pieces, std::uint32_t colour, bool dashed) = 0;
};

inline constexpr double chart_width = 640;
double chart_height(const Chart& chart);
/// Is there a number that could be drawn?
bool has_numbers(const Chart& chart);
/// Of one that has numbers.
void draw_chart(const Chart& chart, ChartPen& pen);

}  // namespace grapevine::cli
