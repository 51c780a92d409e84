// What all painters share.
#include "ui/plot/painter.h"

#include <array>

namespace grapevine {

double text_pixels(TextSize size) {
  switch (size) {
    case TextSize::small:
      return 11;
    case TextSize::normal:
      return 12;
    case TextSize::title:
    case TextSize::label:
      return 13;
    case TextSize::body:
      return 15;
    case TextSize::name:
      return 19;
    case TextSize::reading:
    case TextSize::score:
      return 30;
  }
  return 12;
}

bool is_bold(TextSize size) {
  return size == TextSize::name || size == TextSize::score;
}

void Painter::line(Point a, Point b, const Stroke& stroke) {
  const std::array<Point, 2> ends = {a, b};
  polyline(ends, stroke);
}

void Painter::fill_quad(Point a, Point b, Point c, Point d, Colour colour) {
  fill_polygon(std::array<Point, 4>{a, b, c, d}, colour);
}

std::string shortened(Painter& painter, std::string_view utf8, TextSize size, double width) {
  if (painter.measure(utf8, size).width <= width) return std::string(utf8);
  std::string_view kept = utf8;
  while (!kept.empty()) {
    // Bytes 10xxxxxx continue a character.
    do {
      kept.remove_suffix(1);
    } while (!kept.empty() && (static_cast<unsigned char>(utf8[kept.size()]) & 0xc0) == 0x80);
    std::string candidate = std::string(kept) + "…";
    if (painter.measure(candidate, size).width <= width) return candidate;
  }
  return {};
}

}  // namespace grapevine
