// Lines over time: accuracies, losses, one cosine per layer. The thread that draws.
#pragma once

#include "ui/plot/decimate.h"
#include "ui/plot/figure.h"

namespace grapevine {

/// What lies around a mean, in data units.
struct BandPoint {
  double x = 0, low = 0, high = 0;
};

/// One line. The points belong to a cache and outlive the figure.
struct PlotLine {
  std::string name;
  Stroke stroke;
  const Pieces* main = nullptr;
  const Pieces* raw = nullptr;  ///< drawn faintly behind when the main line is smoothed
  std::vector<BandPoint> band;  ///< around a mean; its points from left to right
  std::string note;             ///< what the value box says behind the value: "N 3, ±0.4 %"
  double sign = 1;              ///< −1: its points are shown turned round; the other values have it already
  bool faded = false;           ///< another run is emphasised
  bool strong = false;
  bool dots = false;    ///< few samples: each is shown
  bool leaves = false;  ///< the axis does not reach up to it: an arrow shows where it goes
  int racer = 0;
  int point = 0;  ///< of a layer's line; 0 = the whole run's
  /// Stands at the line's right end with its last value, or with that at the crosshair; empty = nothing does.
  std::string end_name;
  double end_value = 0;   ///< the last one, NaN = none
  Colour end_colour = 0;  ///< of the name
  Point cursor_value;     ///< the sample nearest to the crosshair, in data units; y NaN = none
  Point anchor_value;     ///< the same at the second cursor
};

class LineFigure : public Figure {
 public:
  static constexpr double kEndLabels = 108;  ///< right margin with labels at the lines' ends

  Axis y;
  bool zero_line = false;
  std::vector<PlotLine> lines;

  void draw(Painter& painter, const Theme& theme) const override;
  void draw_overlay(Painter& painter, const Theme& theme, const Rect& bounds) const override;
  double y_pixel(double value) const { return plot().bottom() - y.to_unit(value) * plot().height; }
  /// The line nearest to a point of the plot, and not further than `reach` pixels; -1 = none.
  int nearest_line(Point at, double reach) const;
  /// Heights of labels as near to the wished ones as their order and `apart` allow, within lo … hi. Wishes
  /// come from top to bottom.
  static std::vector<double> pushed_apart(const std::vector<double>& wished, double apart, double lo,
                                          double hi);

 private:
  void draw_y_axis(Painter& painter, const Theme& theme) const;
  void draw_lines(Painter& painter, const Theme& theme) const;
  /// An arrow at the plot's upper edge where a line leaves through it.
  void draw_departure(Painter& painter, const PlotLine& line) const;
  void draw_band(Painter& painter, const Theme& theme, const PlotLine& line) const;
  void draw_end_labels(Painter& painter, const Theme& theme) const;
  void draw_cursor_dots(Painter& painter, const Theme& theme) const;
  /// The lines at the crosshair, the largest first.
  std::vector<ValueRow> cursor_rows() const;
  /// A piece in pixels, cut at the plot's edges.
  void to_pixels(std::span<const Point> piece, double sign, std::vector<Point>& out) const;
};

}  // namespace grapevine
