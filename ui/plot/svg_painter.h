// Figures as an SVG document, without any library: for papers and the web. One document, one thread.
#pragma once

#include <functional>
#include <string>

#include "ui/plot/painter.h"

namespace grapevine {

class SvgPainter : public Painter {
 public:
  /// `measure` gives the width of a text in the small size; other sizes are scaled from it. `clips` begins
  /// the names of its clips, which are the document's around it too. `face`: of its letters; "" = the
  /// window's.
  SvgPainter(Size size, std::function<double(std::string_view)> measure, std::string clips = "clip",
             std::string face = "");

  void polyline(std::span<const Point> points, const Stroke& stroke) override;
  void fill_rect(const Rect& area, Colour colour, double radius) override;
  void stroke_rect(const Rect& area, Colour colour, double width, double radius) override;
  void fill_triangle(Point a, Point b, Point c, Colour colour) override;
  void fill_polygon(std::span<const Point> corners, Colour colour) override;
  void fill_circle(Point centre, double radius, Colour colour) override;
  void text(Point at, std::string_view utf8, const TextStyle& style) override;
  Size measure(std::string_view utf8, TextSize size) override;
  void push_clip(const Rect& area) override;
  void pop_clip() override;

  /// The whole document; every clip must have been popped.
  std::string document() const;

 private:
  Size size_;
  std::function<double(std::string_view)> measure_;
  std::string clip_name_, face_, body_;
  int clips_ = 0;
};

}  // namespace grapevine
