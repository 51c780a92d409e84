// A chart in lines and words, whatever they are written with: a frame with round numbers, lines, a legend.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/svg_chart.h"

namespace grapevine::cli {

struct ChartStroke {
  std::uint32_t colour = 0;
  std::size_t dash = 0;  ///< dash_of_line()
  double width = 1.5;
};

/// What a chart is drawn with. Lengths are SVG's pixels, 96 an inch; y grows downwards.
class ChartPen {
 public:
  enum class Anchor { start, middle, end };
  using Points = std::vector<std::pair<double, double>>;

  virtual ~ChartPen() = default;
  /// `size` is the letters' height in pixels.
  virtual void text(double x, double y, const std::string& words, Anchor anchor, double size,
                    bool bold = false) = 0;
  /// Of the grid.
  virtual void rule(double x1, double y1, double x2, double y2) = 0;
  /// One line in pieces, between which it is lifted.
  virtual void line(const std::vector<Points>& pieces, const ChartStroke& stroke) = 0;
  /// Filled so faintly that lines beneath stay seen.
  virtual void area(const std::vector<Points>& outlines, std::uint32_t colour) = 0;
};

/// How much of an area's colour covers what is beneath.
inline constexpr double area_opacity = 0.18;

/// Lengths of line and gap in turn, in SVG's pixels; none for a solid line. Lines of one colour are known by
/// them: the first one is solid, and what comes after the last begins again.
std::span<const double> dash_of_line(std::size_t dash);

inline constexpr double chart_width = 640;

/// How large a chart is, and what surrounds it.
struct ChartFrame {
  double width = chart_width, height = 300;  ///< without the legend
  double font = 11;                          ///< height of its letters
  std::string letter;                        ///< of a panel, before the title
  bool legend = true;                        ///< its own, beneath
};

/// All but a group's single runs.
std::vector<const ChartLine*> lines_in_legend(const Chart& chart);
double chart_height(const Chart& chart, const ChartFrame& frame = {});
double legend_height(const Chart& chart, const ChartFrame& frame);
/// Is there a number that could be drawn?
bool has_numbers(const Chart& chart);
/// Of one that has numbers.
void draw_chart(const Chart& chart, ChartPen& pen, const ChartFrame& frame = {});
/// A chart's legend alone, which begins at this height.
void draw_legend(const Chart& chart, ChartPen& pen, const ChartFrame& frame, double y);

}  // namespace grapevine::cli
