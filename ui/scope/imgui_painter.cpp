// Figures through Dear ImGui's draw lists.
#include "ui/scope/imgui_painter.h"

#include <imgui.h>

#include <cmath>
#include <string>
#include <vector>

#include "ui/plot/line_cutting.h"

namespace grapevine {
namespace {

ImU32 to_imgui(Colour c) {
  return IM_COL32(red_of(c), green_of(c), blue_of(c), alpha_of(c));
}
ImVec2 to_imgui(Point p) {
  return {static_cast<float>(p.x), static_cast<float>(p.y)};
}

double width_of(const ImGuiFaces::Face& face, std::string_view utf8) {
  return face.font
      ->CalcTextSizeA(static_cast<float>(face.size), 1e9f, 0, utf8.data(), utf8.data() + utf8.size())
      .x;
}

/// ImGui does not place combining marks: those of J̄ and Ĵ are taken out here and drawn as lines.
struct Unmarked {
  struct Mark {
    bool hat = false;
    std::size_t begin = 0;  ///< bytes of the letter in `text`
    std::size_t end = 0;
  };
  std::string text;
  std::vector<Mark> marks;
};

Unmarked without_marks(std::string_view utf8) {
  constexpr std::string_view macron = "\u0304";
  constexpr std::string_view circumflex = "\u0302";
  Unmarked result;
  while (!utf8.empty()) {
    const bool hat = utf8.starts_with(circumflex);
    if (hat || utf8.starts_with(macron)) {
      std::size_t begin = result.text.size();
      while (begin > 0 && (static_cast<unsigned char>(result.text[--begin]) & 0xc0) == 0x80) continue;
      result.marks.push_back({hat, begin, result.text.size()});
      utf8.remove_prefix(macron.size());
    } else {
      result.text += utf8.front();
      utf8.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace

void ImGuiPainter::polyline(std::span<const Point> points, const Stroke& stroke) {
  cut_into_dashes(points, dash_pattern(stroke.dash), stroke.width, [&](std::span<const Point> piece) {
    cut_at_turns(piece, kLongestLine,
                 [&](std::span<const Point> part) { run(part, stroke.colour, stroke.width); });
  });
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

void ImGuiPainter::fill_polygon(std::span<const Point> corners, Colour colour) {
  std::vector<ImVec2> points;
  for (const Point& corner : corners) points.push_back(to_imgui(corner));
  list_.AddConvexPolyFilled(points.data(), static_cast<int>(points.size()), to_imgui(colour));
}

void ImGuiPainter::fill_circle(Point centre, double radius, Colour colour) {
  list_.AddCircleFilled(to_imgui(centre), static_cast<float>(radius), to_imgui(colour));
}

void ImGuiPainter::text(Point at, std::string_view utf8, const TextStyle& style) {
  if (utf8.empty()) return;
  const ImGuiFaces::Face& face = faces_.faces[static_cast<std::size_t>(style.size)];
  const Unmarked plain = without_marks(utf8);
  double x = at.x;
  if (style.x != AlignX::left) x -= width_of(face, plain.text) * (style.x == AlignX::centre ? 0.5 : 1);
  double top = at.y;
  if (style.y == AlignY::middle) top = at.y + face.cap_height / 2 - face.ascent;
  if (style.y == AlignY::bottom) top = at.y - face.size;
  // Whole pixels: glyphs between them are blurred.
  x = std::round(x);
  top = std::round(top);
  const char* text = plain.text.data();
  list_.AddText(face.font, static_cast<float>(face.size), to_imgui(Point{x, top}), to_imgui(style.colour),
                text, text + plain.text.size());
  for (const Unmarked::Mark& mark : plain.marks) {
    const double end = x + width_of(face, std::string_view(plain.text).substr(0, mark.end));
    const double begin = x + width_of(face, std::string_view(plain.text).substr(0, mark.begin));
    const double line = std::round(top + face.ascent - face.cap_height - 2) - 0.5;
    draw_mark(mark.hat, begin, end, line, style.colour);
  }
}

void ImGuiPainter::draw_mark(bool hat, double begin, double end, double y, Colour colour) {
  if (!hat) {
    fill_rect({begin, y - 0.5, end - begin, 1}, colour, 0);
    return;
  }
  const double middle = (begin + end) / 2;
  const Point corners[] = {{middle - 3, y + 1}, {middle, y - 2}, {middle + 3, y + 1}};
  run(corners, colour, 1);
}

Size ImGuiPainter::measure(std::string_view utf8, TextSize size) {
  const ImGuiFaces::Face& face = faces_.faces[static_cast<std::size_t>(size)];
  return {width_of(face, without_marks(utf8).text), face.size};
}

void ImGuiPainter::push_clip(const Rect& area) {
  list_.PushClipRect(to_imgui(Point{area.x, area.y}), to_imgui(Point{area.right(), area.bottom()}), true);
}

void ImGuiPainter::pop_clip() {
  list_.PopClipRect();
}

}  // namespace grapevine
