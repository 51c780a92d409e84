// Figures through Dear ImGui's draw lists. One frame, the thread that owns the ImGui context.
#pragma once

#include <array>

#include "ui/plot/painter.h"

struct ImDrawList;
struct ImFont;

namespace grapevine {

/// The faces in an ImGui atlas, one a TextSize.
struct ImGuiFaces {
  struct Face {
    ImFont* font = nullptr;
    double size = 13;    ///< logical pixels, as ImGui counts them: from ascent to descent
    double ascent = 10;  ///< logical pixels
    double cap_height = 9;
  };
  std::array<Face, text_size_count> faces;
  bool system_face = false;  ///< false: ImGui's own, with Latin letters only
};

class ImGuiPainter : public Painter {
 public:
  /// Debian's ImGui has 16-bit indices: a longer line would wrap around, without a word.
  static constexpr std::size_t kLongestLine = 16000;

  ImGuiPainter(ImDrawList& list, const ImGuiFaces& faces) : list_(list), faces_(faces) {}

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

 private:
  void run(std::span<const Point> points, Colour colour, double width);
  void draw_mark(bool hat, double begin, double end, double y, Colour colour);

  ImDrawList& list_;
  const ImGuiFaces& faces_;
};

/// Fills the current context's atlas with a system TrueType face at the sizes of TextSize times
/// `pixel_ratio`.
ImGuiFaces load_faces(double pixel_ratio);

}  // namespace grapevine
