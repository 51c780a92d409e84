// A painter whose lines are wider than asked for, so that the last row of a lecture hall sees them. All else
// continues as it is. Lives while the painter that it passes on to does; the thread that draws.
#pragma once

#include "ui/plot/painter.h"

namespace grapevine {

class BoldPainter : public Painter {
 public:
  BoldPainter(Painter& below, double factor) : below_(below), factor_(factor) {}

  void polyline(std::span<const Point> points, const Stroke& stroke) override {
    Stroke bold = stroke;
    bold.width *= factor_;
    below_.polyline(points, bold);
  }
  void fill_rect(const Rect& area, Colour colour, double radius) override {
    below_.fill_rect(area, colour, radius);
  }
  void stroke_rect(const Rect& area, Colour colour, double width, double radius) override {
    below_.stroke_rect(area, colour, width, radius);
  }
  void fill_triangle(Point a, Point b, Point c, Colour colour) override {
    below_.fill_triangle(a, b, c, colour);
  }
  void fill_polygon(std::span<const Point> corners, Colour colour) override {
    below_.fill_polygon(corners, colour);
  }
  void fill_circle(Point centre, double radius, Colour colour) override {
    below_.fill_circle(centre, radius, colour);
  }
  void text(Point at, std::string_view utf8, const TextStyle& style) override {
    below_.text(at, utf8, style);
  }
  Size measure(std::string_view utf8, TextSize size) override { return below_.measure(utf8, size); }
  void push_clip(const Rect& area) override { below_.push_clip(area); }
  void pop_clip() override { below_.pop_clip(); }

 private:
  Painter& below_;
  double factor_;
};

}  // namespace grapevine
