// Line figures.
#include "ui/plot/line_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/plot/figure_words.h"
#include "ui/plot/names.h"

namespace grapevine {
namespace {

double distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length = dx * dx + dy * dy;
  const double t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

}  // namespace

void LineFigure::draw(Painter& painter, const Theme& theme) const {
  draw_header(painter, theme);
  draw_background(painter, theme);
  draw_time_axis(painter, theme);
  draw_y_axis(painter, theme);
  draw_marks(painter, theme);
  draw_lines(painter, theme);
  draw_crosshair(painter, theme);
  draw_border(painter, theme);
  draw_cursor_dots(painter, theme);
  draw_end_labels(painter, theme);
  draw_empty_text(painter, theme);
  draw_note(painter, theme);
}

void LineFigure::draw_y_axis(Painter& painter, const Theme& theme) const {
  const Rect area = plot();
  for (const Tick& tick : make_ticks(y, area.height, std::clamp(area.height / 7, 20.0, 40.0))) {
    const double at = std::min(crisp(y_pixel(tick.value)), area.bottom() - 0.5);
    if (at < area.y) continue;
    const bool zero = zero_line && tick.value == 0;
    if (!tick.label.empty() || area.height > 120) {
      const Colour minor = mixed(theme.plot, theme.grid, 0.6);
      painter.line({area.x, at}, {area.right(), at},
                   {zero                 ? theme.zero_line
                    : tick.label.empty() ? minor
                                         : theme.grid,
                    1, Dash::solid});
    }
    const double label_y = std::clamp(at, area.y + 3, area.bottom() - 3);
    painter.text({area.x - 7, label_y}, tick.label,
                 {theme.muted, TextSize::small, AlignX::right, AlignY::middle});
  }
}

void LineFigure::to_pixels(std::span<const Point> piece, double sign, std::vector<Point>& out) const {
  const Rect area = plot();
  const double left = area.x - 4;
  const double right = area.right() + 4;
  const auto pixel = [&](Point p) {
    // Far outside is as good as just outside, and keeps painters' arithmetic sound.
    return Point{
        area.x + x.to_unit(p.x) * area.width,
        std::clamp(area.bottom() - y.to_unit(sign * p.y) * area.height, area.y - 8000, area.bottom() + 8000)};
  };
  out.clear();
  // A line may continue far beyond the edges.
  const double before = x.from_unit((left - 1 - area.x) / area.width);
  std::size_t first = 0;
  while (first + 1 < piece.size() && piece[first + 1].x < before && piece[first].x < before) ++first;
  for (std::size_t i = first; i < piece.size(); ++i) {
    const Point p = pixel(piece[i]);
    if (std::isnan(p.x) || std::isnan(p.y)) continue;
    if (p.x < left) {
      // Only the last point before the edge matters; cut its segment at the edge.
      if (i + 1 == piece.size()) continue;
      const Point next = pixel(piece[i + 1]);
      if (!(next.x >= left) || std::isnan(next.y)) continue;
      const double t = (left - p.x) / (next.x - p.x);
      out.push_back({left, p.y + t * (next.y - p.y)});
    } else if (p.x > right) {
      if (!out.empty()) {
        const Point before = out.back();
        const double t = (right - before.x) / (p.x - before.x);
        out.push_back({right, before.y + t * (p.y - before.y)});
      }
      break;
    } else {
      out.push_back(p);
    }
  }
}

// Opaque: painters may blend the edges of neighbouring pieces twice.
void LineFigure::draw_band(Painter& painter, const Theme& theme, const PlotLine& line) const {
  const Colour shade = mixed(theme.plot, line.stroke.colour, line.faded ? 0.07 : 0.16);
  const Rect area = plot();
  const auto pixel = [&](double x, double value) {
    return Point{x_pixel(x), std::clamp(y_pixel(value), area.y - 8000, area.bottom() + 8000)};
  };
  for (std::size_t i = 1; i < line.band.size(); ++i) {
    const BandPoint &one = line.band[i - 1], &next = line.band[i];
    const Point a = pixel(one.x, one.low), b = pixel(one.x, one.high), c = pixel(next.x, next.high),
                d = pixel(next.x, next.low);
    if (!(c.x >= area.x) || !(a.x <= area.right())) continue;
    if (std::isnan(a.y) || std::isnan(b.y) || std::isnan(c.y) || std::isnan(d.y)) continue;
    painter.fill_quad(a, b, c, d, shade);
  }
}

void LineFigure::draw_lines(Painter& painter, const Theme& theme) const {
  const ClipGuard clip(painter, plot());
  for (const PlotLine& line : lines) draw_band(painter, theme, line);
  std::vector<Point> pixels;
  const auto draw = [&](const Pieces* pieces, double sign, const Stroke& stroke, bool dots) {
    if (!pieces) return;
    for (std::size_t i = 0; i < pieces->count(); ++i) {
      to_pixels(pieces->piece(i), sign, pixels);
      if (pixels.size() > 1) painter.polyline(pixels, stroke);
      if (!dots && pixels.size() > 1) continue;
      for (const Point& p : pixels) painter.fill_circle(p, stroke.width + 0.8, stroke.colour);
    }
  };
  // Faint ones first, the emphasised ones last and so on top.
  for (const PlotLine& line : lines) {
    if (!line.raw || line.faded) continue;
    draw(line.raw, line.sign, {mixed(theme.plot, line.stroke.colour, 0.28), 1, Dash::solid}, false);
  }
  for (int pass = 0; pass < 3; ++pass) {
    for (const PlotLine& line : lines) {
      const int its_pass = line.faded ? 0 : line.strong ? 2 : 1;
      if (its_pass != pass) continue;
      Stroke stroke = line.stroke;
      if (line.faded) stroke.colour = mixed(theme.plot, stroke.colour, 0.25);
      if (line.strong) stroke.width += 1;
      draw(line.main, line.sign, stroke, line.dots);
    }
  }
  for (const PlotLine& line : lines)
    if (line.leaves) draw_departure(painter, line);
}

void LineFigure::draw_departure(Painter& painter, const PlotLine& line) const {
  if (!line.main || line.faded) return;
  const Rect area = plot();
  std::vector<Point> pixels;
  for (std::size_t i = 0; i < line.main->count(); ++i) {
    to_pixels(line.main->piece(i), line.sign, pixels);
    for (std::size_t k = 1; k < pixels.size(); ++k) {
      const Point &from = pixels[k - 1], &to = pixels[k];
      if (from.y < area.y || to.y >= area.y) continue;
      const double x = from.x + (to.x - from.x) * (from.y - area.y) / (from.y - to.y);
      if (x < area.x || x > area.right()) continue;
      painter.fill_triangle({x, area.y + 2}, {x - 5, area.y + 11}, {x + 5, area.y + 11}, line.stroke.colour);
    }
  }
}

std::vector<double> LineFigure::pushed_apart(const std::vector<double>& wished, double apart, double lo,
                                             double hi) {
  std::vector<double> placed;
  for (const double wish : wished)
    placed.push_back(std::max(wish, placed.empty() ? lo : placed.back() + apart));
  double limit = hi;
  for (std::size_t i = placed.size(); i-- > 0; limit = placed[i] - apart)
    placed[i] = std::min(placed[i], limit);
  return placed;
}

void LineFigure::draw_end_labels(Painter& painter, const Theme& theme) const {
  if (right_margin < kEndLabels) return;
  std::vector<const PlotLine*> labelled;
  for (const PlotLine& line : lines)
    if (!line.end_name.empty() && !std::isnan(y_pixel(line.end_value))) labelled.push_back(&line);
  std::stable_sort(labelled.begin(), labelled.end(),
                   [](const PlotLine* a, const PlotLine* b) { return a->end_value > b->end_value; });
  const Rect area = plot();
  constexpr double apart = 14;
  const auto room = static_cast<std::size_t>(std::max(1.0, area.height / apart + 1));
  const std::size_t left_out = labelled.size() > room ? labelled.size() - room + 1 : 0;
  labelled.resize(labelled.size() - left_out);
  std::vector<double> wished;
  for (const PlotLine* line : labelled) wished.push_back(y_pixel(line->end_value));
  const std::vector<double> heights =
      pushed_apart(wished, apart, area.y + 4, area.bottom() - 3 - (left_out > 0 ? apart : 0));
  const double x = area.right() + 7;
  for (std::size_t i = 0; i < labelled.size(); ++i) {
    const PlotLine& line = *labelled[i];
    const bool at_crosshair = crosshair && !std::isnan(line.cursor_value.y);
    const std::string value = y.format(at_crosshair ? line.cursor_value.y : line.end_value, 2);
    const double width = painter.measure(value, TextSize::small).width;
    painter.text({x, heights[i]},
                 short_name(painter, line.end_name, TextSize::small, right_margin - 22 - width),
                 {line.end_colour, TextSize::small, AlignX::left, AlignY::middle});
    painter.text({outer.right() - 6, heights[i]}, value,
                 {line.faded ? theme.muted : theme.text, TextSize::small, AlignX::right, AlignY::middle});
  }
  if (left_out > 0)
    painter.text({x, area.bottom() - 3}, figure_words("and %1 more", std::to_string(left_out)),
                 {theme.muted, TextSize::small, AlignX::left, AlignY::middle});
}

void LineFigure::draw_cursor_dots(Painter& painter, const Theme& theme) const {
  if (!crosshair) return;
  const ClipGuard clip(painter, plot());
  for (const PlotLine& line : lines) {
    if (line.faded || std::isnan(line.cursor_value.y)) continue;
    const Point at = {x_pixel(line.cursor_value.x), y_pixel(line.cursor_value.y)};
    if (std::isnan(at.y) || !plot().contains(at)) continue;
    painter.fill_circle(at, line.strong ? 4.5 : 3.5, theme.plot);
    painter.fill_circle(at, line.strong ? 3.5 : 2.5, line.stroke.colour);
  }
}

std::vector<ValueRow> LineFigure::cursor_rows() const {
  std::vector<const PlotLine*> sorted;
  for (const PlotLine& line : lines) {
    if (!std::isnan(line.cursor_value.y)) sorted.push_back(&line);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const PlotLine* a, const PlotLine* b) {
    return a->cursor_value.y > b->cursor_value.y;
  });
  std::vector<ValueRow> rows;
  for (const PlotLine* line : sorted) {
    std::string value = y.format(line->cursor_value.y);
    if (second_cursor && !std::isnan(line->anchor_value.y)) {
      const double change = line->cursor_value.y - line->anchor_value.y;
      value += "  (" + std::string(change > 0 ? "+" : "") + y.format(change) + ")";
    }
    if (!line->note.empty()) value += "  " + line->note;
    rows.push_back({line->name, value, line->stroke.colour, line->stroke.dash, line->strong});
  }
  return rows;
}

void LineFigure::draw_overlay(Painter& painter, const Theme& theme, const Rect& bounds) const {
  // Where the pointer is elsewhere, labels at the lines' ends say the values; without them a box does.
  const bool labelled = right_margin >= kEndLabels;
  if (!crosshair || !(pointer_inside || (pointer_elsewhere && !labelled))) return;
  const std::vector<ValueRow> rows = cursor_rows();
  if (rows.empty()) return;
  const Point beside = {std::clamp(x_pixel(*crosshair), plot().x, plot().right()), plot().centre().y};
  draw_value_box(painter, theme, pointer_inside ? pointer : beside, pointer_inside ? bounds : outer,
                 pointer_inside ? crosshair_text : "", rows);
}

int LineFigure::nearest_line(Point at, double reach) const {
  int nearest = -1;
  double best = reach;
  std::vector<Point> pixels;
  for (std::size_t l = 0; l < lines.size(); ++l) {
    if (!lines[l].main) continue;
    for (std::size_t i = 0; i < lines[l].main->count(); ++i) {
      to_pixels(lines[l].main->piece(i), lines[l].sign, pixels);
      for (std::size_t k = 0; k < pixels.size(); ++k) {
        const Point a = pixels[k > 0 ? k - 1 : 0];
        const Point b = pixels[k];
        if (b.x < at.x - reach || a.x > at.x + reach) continue;
        const double distance = distance_to_segment(at, a, b);
        if (distance < best) {
          best = distance;
          nearest = static_cast<int>(l);
        }
      }
    }
  }
  return nearest;
}

}  // namespace grapevine
