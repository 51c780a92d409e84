// A painter that only remembers what it was asked to draw.
#pragma once

#include <string>
#include <vector>

#include "ui/plot/painter.h"

namespace grapevine {

class RecordingPainter : public Painter {
 public:
  struct Line {
    std::vector<Point> points;
    Stroke stroke;
  };
  struct Text {
    Point at;
    std::string text;
    TextStyle style;
  };
  struct Area {
    Rect area;
    Colour colour = 0;
  };
  struct Triangle {
    Point a, b, c;
    Colour colour = 0;
  };
  struct Polygon {
    std::vector<Point> corners;
    Colour colour = 0;
  };
  struct Circle {
    Point centre;
    double radius = 0;
    Colour colour = 0;
  };

  std::vector<Line> lines;
  std::vector<Text> texts;
  std::vector<Area> areas;
  std::vector<Triangle> triangles;
  std::vector<Circle> circles;
  std::vector<Polygon> polygons;
  int clip_depth = 0;

  void polyline(std::span<const Point> points, const Stroke& stroke) override {
    lines.push_back({{points.begin(), points.end()}, stroke});
  }
  void fill_rect(const Rect& area, Colour colour, double) override { areas.push_back({area, colour}); }
  void stroke_rect(const Rect&, Colour, double, double) override {}
  void fill_triangle(Point a, Point b, Point c, Colour colour) override {
    triangles.push_back({a, b, c, colour});
  }
  void fill_polygon(std::span<const Point> corners, Colour colour) override {
    polygons.push_back({{corners.begin(), corners.end()}, colour});
  }
  void fill_circle(Point centre, double radius, Colour colour) override {
    circles.push_back({centre, radius, colour});
  }
  void text(Point at, std::string_view utf8, const TextStyle& style) override {
    texts.push_back({at, std::string(utf8), style});
  }
  Size measure(std::string_view utf8, TextSize) override {
    return {6.0 * static_cast<double>(utf8.size()), 12};
  }
  void push_clip(const Rect&) override { ++clip_depth; }
  void pop_clip() override { --clip_depth; }

  bool has_text(const std::string& wanted) const {
    for (const Text& t : texts) {
      if (t.text == wanted) return true;
    }
    return false;
  }
  /// Lines of one colour.
  std::vector<Line> lines_of(Colour colour) const {
    std::vector<Line> found;
    for (const Line& l : lines) {
      if (l.stroke.colour == colour) found.push_back(l);
    }
    return found;
  }
};

}  // namespace grapevine
