// The pen that draws with cairo.
#include "app/cli/pictures/chart_picture.h"

#include <cairo-pdf.h>
#include <cairo.h>

#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

#include "app/cli/console.h"
#include "engine/error.h"

namespace grapevine::cli {
namespace {

constexpr double points_a_pixel = 72.0 / 96, screen_scale = 192.0 / 96, print_scale = 300.0 / 96;

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Context = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

[[noreturn]] void refuse(cairo_status_t status) {
  throw RunError(std::string("the picture could not be drawn: ") + cairo_status_to_string(status));
}

class CairoPen : public ChartPen {
 public:
  CairoPen(cairo_t* to, const std::string& face) : to_(to), face_(face.empty() ? "sans-serif" : face) {}

  void text(double x, double y, const std::string& words, Anchor anchor, double size, bool bold) override {
    cairo_select_font_face(to_, face_.c_str(), CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(to_, size);
    const auto [shown, barred] = without_bars(clean(words));
    const double width = extents(shown).x_advance;
    const double before = anchor == Anchor::start ? 0 : anchor == Anchor::end ? width : width / 2;
    cairo_set_source_rgb(to_, 0, 0, 0);
    cairo_move_to(to_, x - before, y);
    cairo_show_text(to_, shown.c_str());
    for (const auto& [place, bytes] : barred) {
      const double begin = x - before + extents(shown.substr(0, place)).x_advance;
      const cairo_text_extents_t letter = extents(shown.substr(place, bytes));
      const double above = y + letter.y_bearing - 1.5;
      stroke({{{begin + letter.x_bearing, above}, {begin + letter.x_bearing + letter.width, above}}}, 1);
    }
  }
  void rule(double x1, double y1, double x2, double y2) override {
    constexpr double grey = 0xd0 / 255.0;
    cairo_set_source_rgb(to_, grey, grey, grey);
    stroke({{{x1, y1}, {x2, y2}}}, 1);
  }
  void line(const std::vector<Points>& pieces, const ChartStroke& stroke) override {
    use(stroke.colour, 1);
    this->stroke(pieces, stroke.width, dash_of_line(stroke.dash));
  }
  void area(const std::vector<Points>& outlines, std::uint32_t colour) override {
    use(colour, area_opacity);
    for (const Points& points : outlines) {
      trace(points);
      cairo_close_path(to_);
    }
    cairo_fill(to_);
  }

 private:
  /// A letter's first byte, and how many it has.
  using Letters = std::vector<std::pair<std::size_t, std::size_t>>;

  /// cairo's plain text sets a combining macron into the letter that it belongs above (the mean J̄): the text
  /// without them, and the letters that had one.
  static std::pair<std::string, Letters> without_bars(std::string text) {
    constexpr std::string_view macron = "\u0304";
    Letters barred;
    for (std::size_t at = text.find(macron); at != std::string::npos; at = text.find(macron)) {
      text.erase(at, macron.size());
      if (at == 0) continue;
      std::size_t begin = at - 1;
      while (begin > 0 && (text[begin] & 0xC0) == 0x80) --begin;
      barred.emplace_back(begin, at - begin);
    }
    return {std::move(text), std::move(barred)};
  }

  cairo_text_extents_t extents(const std::string& text) const {
    cairo_text_extents_t size;
    cairo_text_extents(to_, text.c_str(), &size);
    return size;
  }

  void use(std::uint32_t colour, double opacity) {
    cairo_set_source_rgba(to_, ((colour >> 16) & 255) / 255.0, ((colour >> 8) & 255) / 255.0,
                          (colour & 255) / 255.0, opacity);
  }

  void trace(const Points& points) {
    for (std::size_t i = 0; i < points.size(); ++i)
      (i > 0 ? cairo_line_to : cairo_move_to)(to_, points[i].first, points[i].second);
  }

  void stroke(const std::vector<Points>& pieces, double width, std::span<const double> dashes = {}) {
    for (const Points& points : pieces) trace(points);
    cairo_set_dash(to_, dashes.data(), static_cast<int>(dashes.size()), 0);
    cairo_set_line_width(to_, width);
    cairo_stroke(to_);
  }

  cairo_t* to_;
  std::string face_;
};

void draw(cairo_surface_t* surface, const ChartPage& page, double scale) {
  const Context context(cairo_create(surface), cairo_destroy);
  cairo_scale(context.get(), scale, scale);
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  CairoPen pen(context.get(), page.font);
  draw_page(page, pen);
  cairo_show_page(context.get());
  if (const cairo_status_t status = cairo_status(context.get()); status != CAIRO_STATUS_SUCCESS)
    refuse(status);
}

cairo_status_t append(void* to, const unsigned char* bytes, unsigned count) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

std::string pdf_of(const ChartPage& page) {
  std::string file;
  {
    const Surface paper(cairo_pdf_surface_create_for_stream(append, &file, page.width * points_a_pixel,
                                                            page.height * points_a_pixel),
                        cairo_surface_destroy);
    draw(paper.get(), page, points_a_pixel);
    cairo_surface_finish(paper.get());
    if (const cairo_status_t status = cairo_surface_status(paper.get()); status != CAIRO_STATUS_SUCCESS)
      refuse(status);
  }
  return file;
}

std::string png_of(const ChartPage& page) {
  const double scale = page.width_cm > 0 ? print_scale : screen_scale;
  std::string file;
  const Surface image(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(page.width * scale)),
                                 static_cast<int>(std::ceil(page.height * scale))),
      cairo_surface_destroy);
  draw(image.get(), page, scale);
  if (const cairo_status_t status = cairo_surface_write_to_png_stream(image.get(), append, &file);
      status != CAIRO_STATUS_SUCCESS)
    refuse(status);
  return file;
}

}  // namespace grapevine::cli
