// How a sweep's result is drawn, whatever it is drawn with: its curves, or a map with its scale; and what is
// at a place of it, in words. The window's thread only.
#pragma once

#include <QString>

#include "ui/panels/sweep_plot.h"
#include "ui/plot/painter.h"
#include "ui/plot/theme.h"

namespace grapevine {

class SweepDrawing {
 public:
  /// `percent`: the numbers are shares. The plot outlives the drawing.
  SweepDrawing(const SweepPlot& plot, bool percent, Size size);

  /// There is something to draw, and room for it.
  bool has_room() const;
  void draw(Painter& painter, const Theme& theme) const;
  /// Of a map's cell, or the dot nearest to the pointer: where it is, mean ± deviation, N. "" = nothing.
  QString words_at(Point at) const;

 private:
  struct Range {
    double low, high;
    Range();
    void add(double value);
    bool empty() const { return low > high; }
    double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
  };

  double along(double x) const;
  Point at(double x, double y) const;
  Point at(const SweepPlot::Dot& dot, double y, std::size_t line) const;  ///< next to other lines' dots
  void keep_apart();
  Point mark_of(std::size_t line, const SweepPlot::Dot& dot) const;
  Rect cell(std::size_t row, std::size_t column) const;
  QString number(double value) const;
  QString result_words(const SweepPlot::Dot& dot) const;
  void draw_titles(Painter& painter, const Theme& theme) const;
  void draw_axes(Painter& painter, const Theme& theme) const;
  void draw_curves(Painter& painter, const Theme& theme) const;
  void draw_curve(Painter& painter, std::size_t which, const Stroke& stroke, Colour ground) const;
  void draw_failed(Painter& painter, Point at, Colour colour) const;
  void draw_map(Painter& painter, const Theme& theme) const;
  void draw_cell(Painter& painter, const Rect& box, const SweepPlot::Dot& dot, Colour colour) const;
  void draw_scale(Painter& painter, const Theme& theme) const;

  const SweepPlot& plot_;
  bool percent_;
  Size size_;
  double legend_;  ///< its width
  Rect area_;
  Range xs_, ys_, values_;
  std::vector<double> shifts_;  ///< of each line, in pixels
};

}  // namespace grapevine
