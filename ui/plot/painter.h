// What a figure is drawn with: lines, areas, text and clipping, and nothing of Qt or ImGui. Coordinates are
// logical pixels with the origin at the top left. A painter belongs to the thread that draws.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ui/plot/geometry.h"

namespace grapevine {

enum class Dash { solid, dashed, dotted, dash_dot };

struct Stroke {
  Colour colour = 0xff000000;
  double width = 1;
  Dash dash = Dash::solid;
};

/// Where the given point lies in the text's box.
enum class AlignX { left, centre, right };
enum class AlignY { top, middle, bottom };

/// The few sizes that figures use, two of them bold; painters choose the face.
enum class TextSize { small, normal, title, label, body, name, reading, score };
inline constexpr std::size_t text_size_count = 8;

struct TextStyle {
  Colour colour = 0xff000000;
  TextSize size = TextSize::normal;
  AlignX x = AlignX::left;
  AlignY y = AlignY::top;
};

/// Heights of the faces in logical pixels.
double text_pixels(TextSize size);
bool is_bold(TextSize size);

class Painter {
 public:
  virtual ~Painter() = default;

  /// An open line through the points. All coordinates are finite; any number of points.
  virtual void polyline(std::span<const Point> points, const Stroke& stroke) = 0;
  virtual void fill_rect(const Rect& area, Colour colour, double radius = 0) = 0;
  virtual void stroke_rect(const Rect& area, Colour colour, double width = 1, double radius = 0) = 0;
  virtual void fill_triangle(Point a, Point b, Point c, Colour colour) = 0;
  /// Corners in order around the area, which is convex; three at least.
  virtual void fill_polygon(std::span<const Point> corners, Colour colour) = 0;
  virtual void fill_circle(Point centre, double radius, Colour colour) = 0;
  virtual void text(Point at, std::string_view utf8, const TextStyle& style) = 0;
  virtual Size measure(std::string_view utf8, TextSize size) = 0;
  /// Clips to the intersection with what is clipped already.
  virtual void push_clip(const Rect& area) = 0;
  virtual void pop_clip() = 0;

  void line(Point a, Point b, const Stroke& stroke);
  void fill_quad(Point a, Point b, Point c, Point d, Colour colour);
};

/// Clips for as long as it lives.
class ClipGuard {
 public:
  ClipGuard(Painter& painter, const Rect& area) : painter_(painter) { painter_.push_clip(area); }
  ~ClipGuard() { painter_.pop_clip(); }
  ClipGuard(const ClipGuard&) = delete;
  ClipGuard& operator=(const ClipGuard&) = delete;

 private:
  Painter& painter_;
};

/// Shortens to `width` with an ellipsis at the end; never splits a character.
std::string shortened(Painter& painter, std::string_view utf8, TextSize size, double width);

}  // namespace grapevine
