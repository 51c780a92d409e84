// Points and rectangles in logical pixels (or in data units, where said), and colours. Any thread may call.
#pragma once

#include <algorithm>
#include <cstdint>

namespace grapevine {

struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

struct Size {
  double width = 0;
  double height = 0;
};

/// Origin at the top left, y downwards.
struct Rect {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
  Point centre() const { return {x + width / 2, y + height / 2}; }
  bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
  Rect inset(double by) const {
    return {x + by, y + by, std::max(0.0, width - 2 * by), std::max(0.0, height - 2 * by)};
  }
  bool operator==(const Rect&) const = default;
};

/// 0xAARRGGBB.
using Colour = std::uint32_t;

constexpr Colour opaque(std::uint32_t rgb) {
  return 0xff000000u | rgb;
}
constexpr int red_of(Colour c) {
  return static_cast<int>(c >> 16 & 0xff);
}
constexpr int green_of(Colour c) {
  return static_cast<int>(c >> 8 & 0xff);
}
constexpr int blue_of(Colour c) {
  return static_cast<int>(c & 0xff);
}
constexpr int alpha_of(Colour c) {
  return static_cast<int>(c >> 24);
}
constexpr Colour with_alpha(Colour c, double alpha) {
  return (c & 0x00ffffffu) | static_cast<Colour>(std::clamp(alpha, 0.0, 1.0) * 255 + 0.5) << 24;
}

}  // namespace grapevine
