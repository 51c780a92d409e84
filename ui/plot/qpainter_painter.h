// Figures through QPainter: on a widget without OpenGL, an image, a PDF. Lives while its QPainter is active.
#pragma once

#include <QFont>
#include <QRect>
#include <array>

#include "ui/plot/painter.h"

class QPainter;
class QTransform;

namespace grapevine {

class QPainterPainter : public Painter {
 public:
  explicit QPainterPainter(QPainter& painter);
  ~QPainterPainter() override;

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

  /// Points and texts drawn so far; for tests.
  std::size_t points_drawn() const { return points_drawn_; }

 private:
  void line_of_paths(std::span<const Point> points, const Stroke& stroke);
  /// Makes a layer for what is clipped, where there is none; false = there are no pixels to have one for.
  bool begin_layer();
  Point on_layer(Point at, const QTransform& to_device) const;
  bool curve_on_layer(std::span<const Point> points, const Stroke& stroke);
  /// On the layer of the curve before it.
  bool dot_on_layer(Point centre, double radius, Colour colour);
  void show_layer();

  QPainter& painter_;
  const bool has_pixels_;  ///< it paints on pixels, and neither turned nor slanted
  /// The pixels of the device that curves and their dots are gathered for, until anything else is drawn;
  /// empty = there are none.
  QRect layer_;
  std::size_t points_drawn_ = 0;
};

/// The face that figures are written in, at one of its sizes.
QFont figure_font(TextSize size);

/// Another face for as long as it lives: of a figure that leaves. "" = the window's.
class FigureFace {
 public:
  explicit FigureFace(const QString& family);
  ~FigureFace();
  FigureFace(const FigureFace&) = delete;
  FigureFace& operator=(const FigureFace&) = delete;

 private:
  QString before_;
};

}  // namespace grapevine
