// Dials, needles, arrows.
#include "ui/plot/dial.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace grapevine {
namespace {

constexpr double kRadians = std::numbers::pi / 180;

std::vector<Point> arc(Point centre, double radius, double from, double to) {
  std::vector<Point> points;
  const int pieces = std::clamp(static_cast<int>(std::ceil(std::abs(to - from) / 6)), 2, 60);
  for (int i = 0; i <= pieces; ++i)
    points.push_back(needle_tip(centre, from + (to - from) * i / pieces, radius));
  return points;
}

void fill_sector(Painter& painter, Point pivot, double radius, double from, double to, Colour colour) {
  std::vector<Point> corners = arc(pivot, radius, from, to);
  corners.push_back(pivot);
  painter.fill_polygon(corners, colour);
}

/// Lengths along a needle, for a dial of a radius.
double needle_width(double radius) {
  return std::max(1.5, 0.085 * radius);
}
double head_length(double radius) {
  return std::max(4.5, 0.30 * radius);
}

void fill_head(Painter& painter, Point tip, Point back, double half, Colour colour) {
  const double dx = tip.x - back.x;
  const double dy = tip.y - back.y;
  const double length = std::max(1e-9, std::hypot(dx, dy));
  const Point across = {-dy / length * half, dx / length * half};
  painter.fill_triangle(tip, {back.x + across.x, back.y + across.y}, {back.x - across.x, back.y - across.y},
                        colour);
}

}  // namespace

Point needle_tip(Point pivot, double degrees, double length) {
  return {pivot.x + length * std::sin(degrees * kRadians), pivot.y - length * std::cos(degrees * kRadians)};
}

void draw_dial_face(Painter& painter, const Theme& theme, const DialFace& face) {
  fill_sector(painter, face.pivot, face.radius, 0, 180, theme.dial);
  if (face.chance > 0)
    fill_sector(painter, face.pivot, face.radius, 90 - face.chance, 90 + face.chance,
                mixed(theme.dial, theme.tick, 0.28));
  painter.polyline(arc(face.pivot, face.radius, 0, 180), {theme.border, 1, Dash::solid});
  const double beyond = std::max(2.0, face.radius * 0.09);
  painter.line({face.pivot.x, face.pivot.y - face.radius - beyond},
               {face.pivot.x, face.pivot.y + face.radius + beyond}, {theme.border, 1, Dash::solid});
  painter.line(face.pivot, needle_tip(face.pivot, 90, face.radius), {theme.tick, 1, Dash::dotted});
  painter.line(needle_tip(face.pivot, 90, face.radius), needle_tip(face.pivot, 90, face.radius + beyond),
               {theme.tick, 1, Dash::solid});
  if (face.radius < 18) return;
  for (const double degrees : {30.0, 60.0, 120.0, 150.0})
    painter.line(needle_tip(face.pivot, degrees, face.radius - 2.5),
                 needle_tip(face.pivot, degrees, face.radius), {theme.tick, 1, Dash::solid});
}

void draw_fan(Painter& painter, const Theme& theme, const DialFace& face, double low, double high,
              Colour hue) {
  if (std::isnan(low) || std::isnan(high)) return;
  const double radius = face.radius + std::max(3.0, 0.13 * face.radius);
  // A fan of no width is still a line that can be seen.
  const double middle = (low + high) / 2;
  const double half = std::max((high - low) / 2, 0.6);
  fill_sector(painter, face.pivot, radius, middle - half, middle + half, mixed(theme.dial, hue, 0.36));
}

void draw_needle(Painter& painter, const DialFace& face, double degrees, Colour hue) {
  const double width = needle_width(face.radius);
  if (std::isnan(degrees)) {
    const double half = std::max(5.0, face.radius * 0.2);
    painter.line({face.pivot.x + 2, face.pivot.y}, {face.pivot.x + 2 + 2 * half, face.pivot.y},
                 {hue, width, Dash::dashed});
    return;
  }
  const double length = face.radius - 1;
  const double head = head_length(face.radius);
  const Point back = needle_tip(face.pivot, degrees, length - head);
  painter.line(face.pivot, needle_tip(face.pivot, degrees, length - head * 0.8), {hue, width, Dash::solid});
  fill_head(painter, needle_tip(face.pivot, degrees, length), back, std::max(2.4, 0.135 * face.radius), hue);
  painter.fill_circle(face.pivot, std::max(2.0, 0.075 * face.radius), hue);
}

void draw_ghost(Painter& painter, const Theme& theme, const DialFace& face, double degrees, Colour hue) {
  if (std::isnan(degrees)) return;
  const double tip = std::max(1.6, 0.05 * face.radius);
  painter.line(face.pivot, needle_tip(face.pivot, degrees, face.radius * 0.84 - tip),
               {hue, 1.2, Dash::dashed});
  const Point end = needle_tip(face.pivot, degrees, face.radius * 0.84);
  painter.fill_circle(end, tip + 1, hue);
  painter.fill_circle(end, tip, theme.dial);
}

std::vector<Point> rounded_path(std::span<const Point> corners, double radius) {
  std::vector<Point> path;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Point at = corners[i];
    if (i == 0 || i + 1 == corners.size()) {
      path.push_back(at);
      continue;
    }
    const Point before = corners[i - 1];
    const Point after = corners[i + 1];
    const double in = std::hypot(at.x - before.x, at.y - before.y);
    const double out = std::hypot(after.x - at.x, after.y - at.y);
    const double r = std::min({radius, in / 2, out / 2});
    if (r < 0.5) {
      path.push_back(at);
      continue;
    }
    const Point a = {at.x + (before.x - at.x) / in * r, at.y + (before.y - at.y) / in * r};
    const Point b = {at.x + (after.x - at.x) / out * r, at.y + (after.y - at.y) / out * r};
    constexpr int pieces = 8;
    // A quarter of a circle for a square turn, of an ellipse for others.
    for (int k = 0; k <= pieces; ++k) {
      const double angle = std::numbers::pi / 2 * k / pieces;
      const double s = 1 - std::sin(angle);
      const double t = 1 - std::cos(angle);
      path.push_back(
          {at.x + (a.x - at.x) * s + (b.x - at.x) * t, at.y + (a.y - at.y) * s + (b.y - at.y) * t});
    }
  }
  return path;
}

void draw_arrow(Painter& painter, std::span<const Point> path, double width, Colour colour, Dash dash) {
  if (path.size() < 2) return;
  const Point tip = path.back();
  const Point before = path[path.size() - 2];
  const double length = std::hypot(tip.x - before.x, tip.y - before.y);
  const double head = std::min(std::max(5.0, width * 1.25 + 3), length);
  if (length <= 0) return;
  const Point back = {tip.x - (tip.x - before.x) / length * head, tip.y - (tip.y - before.y) / length * head};
  std::vector<Point> shaft(path.begin(), path.end());
  // Half a pixel into the head: no seam shows between the two.
  shaft.back() = {back.x + (tip.x - before.x) / length * 0.5, back.y + (tip.y - before.y) / length * 0.5};
  painter.polyline(shaft, {colour, width, dash});
  fill_head(painter, tip, back, width / 2 + std::max(2.0, width * 0.4), colour);
}

}  // namespace grapevine
