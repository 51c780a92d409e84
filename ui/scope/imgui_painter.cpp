// Figures through Dear ImGui's draw lists.
#include "ui/scope/imgui_painter.h"

#include <imgui.h>

#include <cmath>
#include <vector>

#include "ui/plot/dashes.h"

namespace grapevine {
namespace {

ImU32 to_imgui(Colour c) {
  return IM_COL32(red_of(c), green_of(c), blue_of(c), alpha_of(c));
}
ImVec2 to_imgui(Point p) {
  return {static_cast<float>(p.x), static_cast<float>(p.y)};
}

/// ImGui's joins grow thorns where a line turns back on itself, as a noisy one does in every pixel column.
bool turns_back(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) < 0;
}

}  // namespace

void ImGuiPainter::polyline(std::span<const Point> points, const Stroke& stroke) {
  cut_into_dashes(points, dash_pattern(stroke.dash), stroke.width,
                  [&](std::span<const Point> piece) { solid(piece, stroke.colour, stroke.width); });
}

void ImGuiPainter::solid(std::span<const Point> points, Colour colour, double width) {
  std::size_t begin = 0;
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    if (i - begin + 1 < kLongestLine && !turns_back(points[i - 1], points[i], points[i + 1])) continue;
    run(points.subspan(begin, i - begin + 1), colour, width);
    begin = i;
  }
  run(points.subspan(begin), colour, width);
}

void ImGuiPainter::run(std::span<const Point> points, Colour colour, double width) {
  if (points.size() < 2) return;
  static thread_local std::vector<ImVec2> corners;
  corners.clear();
  for (const Point& p : points) corners.push_back(to_imgui(p));
  list_.AddPolyline(corners.data(), static_cast<int>(corners.size()), to_imgui(colour), 0,
                    static_cast<float>(width));
}

void ImGuiPainter::fill_rect(const Rect& area, Colour colour, double radius) {
  list_.AddRectFilled(to_imgui(Point{area.x, area.y}), to_imgui(Point{area.right(), area.bottom()}),
                      to_imgui(colour), static_cast<float>(radius));
}

void ImGuiPainter::stroke_rect(const Rect& area, Colour colour, double width, double radius) {
  list_.AddRect(to_imgui(Point{area.x, area.y}), to_imgui(Point{area.right(), area.bottom()}),
                to_imgui(colour), static_cast<float>(radius), 0, static_cast<float>(width));
}

void ImGuiPainter::fill_triangle(Point a, Point b, Point c, Colour colour) {
  list_.AddTriangleFilled(to_imgui(a), to_imgui(b), to_imgui(c), to_imgui(colour));
}

void ImGuiPainter::fill_quad(Point a, Point b, Point c, Point d, Colour colour) {
  list_.AddQuadFilled(to_imgui(a), to_imgui(b), to_imgui(c), to_imgui(d), to_imgui(colour));
}

void ImGuiPainter::fill_circle(Point centre, double radius, Colour colour) {
  list_.AddCircleFilled(to_imgui(centre), static_cast<float>(radius), to_imgui(colour));
}

void ImGuiPainter::text(Point at, std::string_view utf8, const TextStyle& style) {
  if (utf8.empty()) return;
  const ImGuiFaces::Face& face = faces_.faces[static_cast<std::size_t>(style.size)];
  const double width = measure(utf8, style.size).width;
  double x = at.x;
  if (style.x == AlignX::centre) x -= width / 2;
  if (style.x == AlignX::right) x -= width;
  double top = at.y;
  if (style.y == AlignY::middle) top = at.y + face.cap_height / 2 - face.ascent;
  if (style.y == AlignY::bottom) top = at.y - face.size;
  // Whole pixels: glyphs between them are blurred.
  const ImVec2 corner(static_cast<float>(std::round(x)), static_cast<float>(std::round(top)));
  list_.AddText(face.font, static_cast<float>(face.size), corner, to_imgui(style.colour), utf8.data(),
                utf8.data() + utf8.size());
}

Size ImGuiPainter::measure(std::string_view utf8, TextSize size) {
  const ImGuiFaces::Face& face = faces_.faces[static_cast<std::size_t>(size)];
  const ImVec2 extent = face.font->CalcTextSizeA(static_cast<float>(face.size), 1e9f, 0, utf8.data(),
                                                 utf8.data() + utf8.size());
  return {extent.x, extent.y};
}

void ImGuiPainter::push_clip(const Rect& area) {
  list_.PushClipRect(to_imgui(Point{area.x, area.y}), to_imgui(Point{area.right(), area.bottom()}), true);
}

void ImGuiPainter::pop_clip() {
  list_.PopClipRect();
}

}  // namespace grapevine
