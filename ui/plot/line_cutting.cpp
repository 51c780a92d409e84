// Cutting lines.
#include "ui/plot/line_cutting.h"

#include <array>
#include <cmath>

namespace grapevine {

std::span<const double> dash_pattern(Dash dash) {
  static constexpr std::array<double, 2> dashed = {5, 3};
  static constexpr std::array<double, 2> dotted = {1.5, 2};
  static constexpr std::array<double, 4> dash_dot = {6, 2.5, 1.5, 2.5};
  switch (dash) {
    case Dash::solid:
      return {};
    case Dash::dashed:
      return dashed;
    case Dash::dotted:
      return dotted;
    case Dash::dash_dot:
      return dash_dot;
  }
  return {};
}

void cut_into_dashes(std::span<const Point> points, std::span<const double> pattern, double width,
                     const std::function<void(std::span<const Point>)>& draw) {
  if (points.size() < 2) return;
  if (pattern.empty()) {
    draw(points);
    return;
  }
  std::size_t phase = 0;
  double left = pattern[0] * width;
  std::vector<Point> piece = {points[0]};
  for (std::size_t i = 1; i < points.size(); ++i) {
    Point from = points[i - 1];
    const Point to = points[i];
    double length = std::hypot(to.x - from.x, to.y - from.y);
    while (length > left) {
      const double share = left / length;
      from = {from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)};
      length -= left;
      if (phase % 2 == 0) {
        piece.push_back(from);
        draw(piece);
      }
      piece.assign(1, from);
      phase = (phase + 1) % pattern.size();
      left = pattern[phase] * width;
    }
    left -= length;
    if (phase % 2 == 0) piece.push_back(to);
  }
  if (phase % 2 == 0 && piece.size() > 1) draw(piece);
}

void cut_at_turns(std::span<const Point> points, std::size_t longest,
                  const std::function<void(std::span<const Point>)>& draw) {
  const auto turns_back = [](Point a, Point b, Point c) {
    return (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) < 0;
  };
  std::size_t begin = 0;
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    if (i - begin + 1 < longest && !turns_back(points[i - 1], points[i], points[i + 1])) continue;
    draw(points.subspan(begin, i - begin + 1));
    begin = i;
  }
  if (points.size() - begin > 1) draw(points.subspan(begin));
}

}  // namespace grapevine
