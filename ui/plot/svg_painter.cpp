// Figures as an SVG document.
#include "ui/plot/svg_painter.h"

#include <array>
#include <cmath>
#include <locale>
#include <sstream>

#include "ui/plot/line_cutting.h"

namespace grapevine {
namespace {

/// Bold letters against regular ones, DejaVu Sans and Noto Sans at their widest.
constexpr double bold_width = 1.12;

/// Two digits behind the point, in the C locale whatever the program's is.
std::string number(double value) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << std::round(value * 100) / 100 + 0.0;
  return out.str();
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + number(value) + "\"";
}

std::string paint(const char* what, Colour colour) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string hex = "#";
  for (int shift = 20; shift >= 0; shift -= 4) hex += digits[colour >> shift & 0xf];
  std::string text = std::string(" ") + what + "=\"" + hex + "\"";
  if (alpha_of(colour) < 255)
    text += attribute((std::string(what) + "-opacity").c_str(), alpha_of(colour) / 255.0);
  return text;
}

std::string escaped(std::string_view utf8) {
  std::string out;
  for (const char c : utf8) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      out += c;
    }
  }
  return out;
}

std::string point_list(std::span<const Point> points) {
  std::string text;
  for (const Point& p : points) text += (text.empty() ? "" : " ") + number(p.x) + "," + number(p.y);
  return text;
}

std::string box(const Rect& area, double radius) {
  std::string text = attribute("x", area.x) + attribute("y", area.y) + attribute("width", area.width) +
                     attribute("height", area.height);
  return radius > 0 ? text + attribute("rx", radius) : text;
}

}  // namespace

SvgPainter::SvgPainter(Size size, std::function<double(std::string_view)> measure, std::string clips,
                       std::string face)
    : size_(size), measure_(std::move(measure)), clip_name_(std::move(clips)), face_(std::move(face)) {}

void SvgPainter::polyline(std::span<const Point> points, const Stroke& stroke) {
  if (points.size() < 2) return;
  body_ += "<polyline fill=\"none\"" + paint("stroke", stroke.colour) +
           attribute("stroke-width", stroke.width) + " stroke-linejoin=\"bevel\"";
  if (const auto pattern = dash_pattern(stroke.dash); !pattern.empty()) {
    body_ += " stroke-dasharray=\"";
    for (std::size_t i = 0; i < pattern.size(); ++i)
      body_ += (i > 0 ? " " : "") + number(pattern[i] * stroke.width);
    body_ += "\"";
  }
  body_ += " points=\"" + point_list(points) + "\"/>\n";
}

void SvgPainter::fill_rect(const Rect& area, Colour colour, double radius) {
  body_ += "<rect" + box(area, radius) + paint("fill", colour) + "/>\n";
}

void SvgPainter::stroke_rect(const Rect& area, Colour colour, double width, double radius) {
  body_ += "<rect" + box(area.inset(width / 2), radius) + " fill=\"none\"" + paint("stroke", colour) +
           attribute("stroke-width", width) + "/>\n";
}

void SvgPainter::fill_polygon(std::span<const Point> corners, Colour colour) {
  body_ += "<polygon" + paint("fill", colour) + " points=\"" + point_list(corners) + "\"/>\n";
}

void SvgPainter::fill_triangle(Point a, Point b, Point c, Colour colour) {
  fill_polygon(std::array<Point, 3>{a, b, c}, colour);
}

void SvgPainter::fill_circle(Point centre, double radius, Colour colour) {
  body_ += "<circle" + attribute("cx", centre.x) + attribute("cy", centre.y) + attribute("r", radius) +
           paint("fill", colour) + "/>\n";
}

void SvgPainter::text(Point at, std::string_view utf8, const TextStyle& style) {
  if (utf8.empty()) return;
  const double size = text_pixels(style.size);
  // Heights as in DejaVu Sans: capitals 0.73, ascent 0.93, descent 0.24 of the em.
  double baseline = at.y + size * 0.93;
  if (style.y == AlignY::middle) baseline = at.y + size * 0.365;
  if (style.y == AlignY::bottom) baseline = at.y - size * 0.24;
  const char* anchor = style.x == AlignX::left ? "start" : style.x == AlignX::centre ? "middle" : "end";
  body_ += "<text" + attribute("x", at.x) + attribute("y", baseline) + attribute("font-size", size) +
           (is_bold(style.size) ? " font-weight=\"bold\"" : "") + " text-anchor=\"" + anchor + "\"" +
           paint("fill", style.colour) + ">" + escaped(utf8) + "</text>\n";
}

Size SvgPainter::measure(std::string_view utf8, TextSize size) {
  const double pixels = text_pixels(size);
  return {measure_(utf8) * pixels / text_pixels(TextSize::small) * (is_bold(size) ? bold_width : 1),
          pixels * 1.17};
}

void SvgPainter::push_clip(const Rect& area) {
  const std::string name = clip_name_ + std::to_string(clips_++);
  body_ += "<clipPath id=\"" + name + "\"><rect" + box(area, 0) + "/></clipPath>\n<g clip-path=\"url(#" +
           name + ")\">\n";
}

void SvgPainter::pop_clip() {
  body_ += "</g>\n";
}

std::string SvgPainter::document() const {
  const std::string face = face_.empty() ? face_ : escaped(face_) + ',';
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"" +
         attribute("width", size_.width) + attribute("height", size_.height) + " viewBox=\"0 0 " +
         number(size_.width) + " " + number(size_.height) + "\" font-family=\"" + face +
         "DejaVu Sans,Noto Sans,Liberation Sans,sans-serif\">\n" + body_ + "</svg>\n";
}

}  // namespace grapevine
