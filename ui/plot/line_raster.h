// Curves and their dots as pixels, much faster than QPainter's general paths: such a line is a function of
// time, and a noisy one fills its pixel columns. One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ui/plot/painter.h"

namespace grapevine {

class LineRaster {
 public:
  /// A clear layer of so many pixels.
  void reset(int width, int height);
  /// A line over what was drawn before, cut at the layer's edges; points and width in its pixels. Nowhere is
  /// a line blended with itself.
  void draw(std::span<const Point> points, const Stroke& stroke);
  /// A filled circle, as a measurement is marked: half of a pixel at its edge is shaded.
  void disc(Point centre, double radius, Colour colour);

  int width() const { return width_; }
  int height() const { return height_; }
  /// Row by row from the top, 0xAARRGGBB with the colours multiplied by alpha.
  const std::vector<std::uint32_t>& pixels() const { return pixels_; }
  /// The pixels that anything was drawn to; empty = none.
  Rect touched() const;

 private:
  /// From `begin` up to `end`, empty where begin >= end.
  struct Span {
    int begin = 0, end = 0;
    bool empty() const { return begin >= end; }
    int length() const { return empty() ? 0 : end - begin; }
    void add(int from, int to);
  };

  void add_segments(std::span<const Point> points, double half);
  void add_segment(Point a, Point b, double half, double before, double after);
  void add_columns(std::span<const Point> points, std::span<const double> pattern, double width);
  void fill_column(int column, double top, double bottom);
  void cover(int x, int y, int coverage);
  void touch(int from_x, int to_x, int from_y, int to_y);
  void blend(Colour colour);
  void blend_columns(std::uint32_t ink);
  void blend_rows(std::uint32_t ink);
  void blend_pixel(std::size_t at, std::uint32_t ink);

  int width_ = 0, height_ = 0;
  std::vector<std::uint32_t> pixels_;
  Span touched_x_, touched_y_;
  // Of the line being drawn: how far it covers each pixel, and which pixels.
  std::vector<std::uint8_t> coverage_;
  Span drawn_x_, drawn_y_;
  std::vector<Span> columns_;  ///< rows that it reached, a pixel column each
};

}  // namespace grapevine
