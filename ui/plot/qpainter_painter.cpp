// Figures through QPainter.
#include "ui/plot/qpainter_painter.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPaintEngine>
#include <QPainter>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ui/plot/line_cutting.h"
#include "ui/plot/line_raster.h"

namespace grapevine {
namespace {

QColor to_qt(Colour c) {
  return QColor(red_of(c), green_of(c), blue_of(c), alpha_of(c));
}
QPointF to_qt(Point p) {
  return {p.x, p.y};
}
QRectF to_qt(const Rect& r) {
  return {r.x, r.y, r.width, r.height};
}

QPen pen_of(const Stroke& stroke) {
  return QPen(to_qt(stroke.colour), stroke.width, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin);
}

/// Short pieces are fast to rasterise; in a document a line stays whole.
constexpr std::size_t kLongestRun = 64;

bool is_document(const QPainter& painter) {
  const QPaintEngine* engine = painter.paintEngine();
  return engine && (engine->type() == QPaintEngine::Pdf || engine->type() == QPaintEngine::SVG);
}

bool paints_on_pixels(const QPainter& painter) {
  const QPaintEngine* engine = painter.paintEngine();
  return engine && engine->type() == QPaintEngine::Raster &&
         painter.deviceTransform().type() <= QTransform::TxScale;
}

/// What is drawn to pixels of our own: thin lines, thick ones of so many points (joints of few would show),
/// and small circles.
constexpr std::size_t kCurvePoints = 3, kThickCurvePoints = 64;
constexpr double kThinLine = 3, kDotRadius = 6;

bool is_curve(std::span<const Point> points, const Stroke& stroke) {
  return points.size() >= (stroke.width <= kThinLine ? kCurvePoints : kThickCurvePoints);
}

/// Kept from frame to frame, and cleared before each use.
LineRaster& line_layer() {
  static thread_local LineRaster layer;
  return layer;
}

QString to_qt(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

/// A face on the screen: made once, with the widths that it was asked for. Most words of a frame are those of
/// the frame before.
class Face {
 public:
  explicit Face(TextSize size) : font_(figure_font(size)), metrics_(font_) {}

  const QFont& font() const { return font_; }
  const QFontMetricsF& metrics() const { return metrics_; }
  double width(std::string_view utf8) {
    constexpr std::size_t most = 4000;
    if (widths_.size() > most) widths_.clear();
    const auto [place, is_new] = widths_.try_emplace(std::string(utf8), 0.0);
    if (is_new) place->second = metrics_.horizontalAdvance(to_qt(utf8));
    return place->second;
  }

 private:
  QFont font_;
  QFontMetricsF metrics_;
  std::unordered_map<std::string, double> widths_;
};

/// Those in use, which another family replaces.
std::array<std::optional<Face>, text_size_count>& faces() {
  static thread_local std::array<std::optional<Face>, text_size_count> all;
  return all;
}

/// "" = the window's.
QString& family_in_use() {
  static thread_local QString family;
  return family;
}

Face& face_of(TextSize size) {
  std::optional<Face>& face = faces().at(static_cast<std::size_t>(size));
  if (!face) face.emplace(size);
  return *face;
}

}  // namespace

QFont figure_font(TextSize size) {
  static const QString family = [] {
    for (const char* name : {"DejaVu Sans", "Noto Sans", "Liberation Sans"}) {
      if (QFontDatabase::hasFamily(name)) return QString(name);
    }
    return QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
  }();
  QFont font(family_in_use().isEmpty() ? family : family_in_use());
  font.setPixelSize(static_cast<int>(text_pixels(size)));
  font.setBold(is_bold(size));
  font.setHintingPreference(QFont::PreferVerticalHinting);
  return font;
}

FigureFace::FigureFace(const QString& family) : before_(family_in_use()) {
  family_in_use() = family;
  faces() = {};
}

FigureFace::~FigureFace() {
  family_in_use() = before_;
  faces() = {};
}

QPainterPainter::QPainterPainter(QPainter& painter)
    : painter_(painter), has_pixels_(paints_on_pixels(painter)) {
  painter_.save();
  painter_.setRenderHint(QPainter::Antialiasing);
  painter_.setRenderHint(QPainter::TextAntialiasing);
}

QPainterPainter::~QPainterPainter() {
  show_layer();
  painter_.restore();
}

void QPainterPainter::polyline(std::span<const Point> points, const Stroke& stroke) {
  if (points.size() < 2) return;
  points_drawn_ += points.size();
  if (!is_curve(points, stroke) || !curve_on_layer(points, stroke)) line_of_paths(points, stroke);
}

void QPainterPainter::line_of_paths(std::span<const Point> points, const Stroke& stroke) {
  show_layer();
  std::vector<QPointF> corners;
  const auto draw = [&](std::span<const Point> part) {
    corners.clear();
    for (const Point& p : part) corners.push_back(to_qt(p));
    painter_.drawPolyline(corners.data(), static_cast<int>(corners.size()));
  };
  QPen pen = pen_of(stroke);
  const std::span<const double> pattern = dash_pattern(stroke.dash);
  if (is_document(painter_)) {
    if (!pattern.empty()) pen.setDashPattern(QList<qreal>(pattern.begin(), pattern.end()));
    painter_.setPen(pen);
    draw(points);
    return;
  }
  painter_.setPen(pen);
  cut_into_dashes(points, pattern, stroke.width,
                  [&](std::span<const Point> piece) { cut_at_turns(piece, kLongestRun, draw); });
}

bool QPainterPainter::begin_layer() {
  // The clip says how many pixels there are.
  if (!has_pixels_ || !painter_.hasClipping()) return false;
  if (!layer_.isEmpty()) return true;
  layer_ = painter_.deviceTransform().mapRect(painter_.clipBoundingRect()).toAlignedRect();
  if (!layer_.isEmpty()) line_layer().reset(layer_.width(), layer_.height());
  return true;
}

Point QPainterPainter::on_layer(Point at, const QTransform& to_device) const {
  return {at.x * to_device.m11() + to_device.dx() - layer_.x(),
          at.y * to_device.m22() + to_device.dy() - layer_.y()};
}

bool QPainterPainter::curve_on_layer(std::span<const Point> points, const Stroke& stroke) {
  if (!begin_layer()) return false;
  if (layer_.isEmpty()) return true;
  std::vector<Point> pixels;
  pixels.reserve(points.size());
  const QTransform to_device = painter_.deviceTransform();
  for (const Point& p : points) pixels.push_back(on_layer(p, to_device));
  line_layer().draw(pixels, {stroke.colour, stroke.width * to_device.m22(), stroke.dash});
  return true;
}

bool QPainterPainter::dot_on_layer(Point centre, double radius, Colour colour) {
  if (layer_.isEmpty() || radius > kDotRadius) return false;
  const QTransform to_device = painter_.deviceTransform();
  line_layer().disc(on_layer(centre, to_device), radius * to_device.m22(), colour);
  return true;
}

void QPainterPainter::show_layer() {
  if (layer_.isEmpty()) return;
  const LineRaster& raster = line_layer();
  const Rect touched = raster.touched();
  const QPointF corner = layer_.topLeft();
  layer_ = {};
  if (touched.width <= 0) return;
  const QImage picture(reinterpret_cast<const uchar*>(raster.pixels().data()), raster.width(),
                       raster.height(), raster.width() * 4, QImage::Format_ARGB32_Premultiplied);
  const QTransform to_device = painter_.deviceTransform();
  const QRectF target = to_qt(touched).translated(corner);
  painter_.drawImage(to_device.inverted().mapRect(target), picture, to_qt(touched));
}

void QPainterPainter::fill_rect(const Rect& area, Colour colour, double radius) {
  show_layer();
  if (radius <= 0) {
    painter_.fillRect(to_qt(area), to_qt(colour));
    return;
  }
  painter_.setPen(Qt::NoPen);
  painter_.setBrush(to_qt(colour));
  painter_.drawRoundedRect(to_qt(area), radius, radius);
}

void QPainterPainter::stroke_rect(const Rect& area, Colour colour, double width, double radius) {
  show_layer();
  painter_.setPen(QPen(to_qt(colour), width));
  painter_.setBrush(Qt::NoBrush);
  const QRectF inner = to_qt(area).adjusted(width / 2, width / 2, -width / 2, -width / 2);
  if (radius > 0) {
    painter_.drawRoundedRect(inner, radius, radius);
  } else {
    painter_.drawRect(inner);
  }
}

void QPainterPainter::fill_triangle(Point a, Point b, Point c, Colour colour) {
  show_layer();
  painter_.setPen(Qt::NoPen);
  painter_.setBrush(to_qt(colour));
  const std::array<QPointF, 3> corners = {to_qt(a), to_qt(b), to_qt(c)};
  painter_.drawConvexPolygon(corners.data(), 3);
}

void QPainterPainter::fill_polygon(std::span<const Point> corners, Colour colour) {
  show_layer();
  painter_.setPen(Qt::NoPen);
  painter_.setBrush(to_qt(colour));
  std::vector<QPointF> points;
  for (const Point& corner : corners) points.push_back(to_qt(corner));
  painter_.drawConvexPolygon(points.data(), static_cast<int>(points.size()));
}

void QPainterPainter::fill_circle(Point centre, double radius, Colour colour) {
  if (dot_on_layer(centre, radius, colour)) return;
  show_layer();
  painter_.setPen(Qt::NoPen);
  painter_.setBrush(to_qt(colour));
  painter_.drawEllipse(to_qt(centre), radius, radius);
}

void QPainterPainter::text(Point at, std::string_view utf8, const TextStyle& style) {
  if (utf8.empty()) return;
  show_layer();
  Face& face = face_of(style.size);
  const QFontMetricsF& metrics = face.metrics();
  const double width = style.x == AlignX::left ? 0 : face.width(utf8);
  double x = at.x;
  if (style.x == AlignX::centre) x -= width / 2;
  if (style.x == AlignX::right) x -= width;
  double baseline = at.y + metrics.ascent();
  // The middle of capitals, not of the face's whole box: digits and titles look centred then.
  if (style.y == AlignY::middle) baseline = at.y + metrics.capHeight() / 2;
  if (style.y == AlignY::bottom) baseline = at.y - metrics.descent();
  painter_.setFont(face.font());
  painter_.setPen(to_qt(style.colour));
  painter_.drawText(QPointF(std::round(x), std::round(baseline)), to_qt(utf8));
}

Size QPainterPainter::measure(std::string_view utf8, TextSize size) {
  Face& face = face_of(size);
  return {face.width(utf8), face.metrics().height()};
}

void QPainterPainter::push_clip(const Rect& area) {
  show_layer();
  painter_.save();
  painter_.setClipRect(to_qt(area), Qt::IntersectClip);
}

void QPainterPainter::pop_clip() {
  show_layer();
  painter_.restore();
}

}  // namespace grapevine
