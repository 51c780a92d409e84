// The parts that all figures share.
#include "ui/plot/figure.h"
#include "ui/plot/figure_words.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace grapevine {

double crisp(double coordinate) {
  return std::floor(coordinate) + 0.5;
}

Rect Figure::header() const {
  return {outer.x, outer.y, outer.width, kHeaderHeight};
}

Rect Figure::plot() const {
  const double below = x_title.empty() ? kBareHeight : kAxisHeight;
  const double top = std::round(outer.y + kHeaderHeight);
  const double left = std::round(outer.x + kLeftMargin);
  return {left, top, std::max(1.0, std::floor(outer.right() - right_margin - left)),
          std::max(1.0, std::floor(outer.bottom() - below - top))};
}

Rect Figure::title_area() const {
  return {outer.x + kLeftMargin - 6, outer.y + 1, std::min(260.0, outer.width * 0.5), kHeaderHeight - 3};
}

Rect Figure::control_area(std::size_t index) const {
  const double right =
      outer.right() - kRightMargin - static_cast<double>(controls.size() - 1 - index) * (kControlWidth + 4);
  return {right - kControlWidth, outer.y + 2, kControlWidth, kHeaderHeight - 5};
}

void Figure::draw_header(Painter& painter, const Theme& theme) const {
  const double middle = outer.y + kHeaderHeight / 2 - 0.5;
  const double room = controls.empty() ? header().right() - kRightMargin : control_area(0).x;
  const Rect area = title_area();
  const double left = area.x + 6;
  const double words = std::max(10.0, room - left - 24);
  const auto fits = [&](const std::string& text, TextSize size) {
    return !text.empty() && painter.measure(text, size).width <= words;
  };
  // In a smaller face before it is cut.
  const TextSize face =
      !fits(title, TextSize::title) && fits(title, TextSize::small) ? TextSize::small : TextSize::title;
  const bool brief = !fits(title, face) && fits(short_title, face);
  const std::string shown = shortened(painter, brief ? short_title : title, face, words);
  const double width = painter.measure(shown, face).width;
  if (title_opens_menu && title_hovered) {
    painter.fill_rect({area.x, area.y, width + 26, area.height}, theme.control_hover, 4);
  }
  painter.text({left, middle}, shown,
               {title_colour ? title_colour : theme.text, face, AlignX::left, AlignY::middle});
  if (title_opens_menu) {
    const double x = std::round(left + width + 7);
    const double y = std::round(middle - 1);
    painter.fill_triangle({x, y}, {x + 7, y}, {x + 3.5, y + 4}, theme.muted);
  }
  for (std::size_t i = 0; i < controls.size(); ++i) {
    const FigureControl& control = controls[i];
    const Rect box = control_area(i);
    const Colour back = control.on ? theme.accent : control.hovered ? theme.control_hover : theme.control;
    painter.fill_rect(box, back, 4);
    painter.text(
        box.centre(), control.label,
        {control.on ? theme.on_accent : theme.text, TextSize::small, AlignX::centre, AlignY::middle});
  }
}

void Figure::draw_background(Painter& painter, const Theme& theme) const {
  painter.fill_rect(plot(), theme.plot);
}

void Figure::draw_time_axis(Painter& painter, const Theme& theme) const {
  const Rect area = plot();
  const std::vector<Tick> ticks = make_ticks(x, area.width, std::clamp(area.width / 3, 44.0, 78.0));
  double free_from = outer.x;
  for (const Tick& tick : ticks) {
    const double at = crisp(x_pixel(tick.value));
    if (at < area.x || at > area.right()) continue;
    painter.line({at, area.y}, {at, area.bottom()}, {theme.grid, 1, Dash::solid});
    if (x_title.empty()) continue;
    painter.line({at, area.bottom()}, {at, area.bottom() + 4}, {theme.border, 1, Dash::solid});
    const double half = painter.measure(tick.label, TextSize::small).width / 2;
    const double centre = std::clamp(at, outer.x + half, outer.right() - half - 2);
    if (centre - half < free_from) continue;
    painter.text({centre, area.bottom() + 5}, tick.label,
                 {theme.muted, TextSize::small, AlignX::centre, AlignY::top});
    free_from = centre + half + 8;
  }
  if (!x_title.empty()) {
    painter.text({area.centre().x, area.bottom() + 17}, x_title,
                 {theme.muted, TextSize::small, AlignX::centre, AlignY::top});
  }
}

void Figure::draw_border(Painter& painter, const Theme& theme) const {
  painter.stroke_rect(plot(), theme.border);
}

std::size_t Figure::marks_above(std::size_t index) const {
  const double here = x_pixel(marks[index].x);
  return static_cast<std::size_t>(
      std::count_if(marks.begin(), marks.begin() + static_cast<std::ptrdiff_t>(index),
                    [&](const Mark& mark) { return std::abs(x_pixel(mark.x) - here) < 1; }));
}

void Figure::draw_marks(Painter& painter, const Theme& theme) const {
  const Rect area = plot();
  const ClipGuard clip(painter, area);
  double last_line = -1e9;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const Mark& mark = marks[i];
    const double at = crisp(x_pixel(mark.x));
    // NaN: a logarithmic axis has no place for it.
    if (!(at >= area.x - 5 && at <= area.right() + 5)) continue;
    const double top = area.y + kMarksApart * static_cast<double>(marks_above(i));
    // Lines closer than this would make a curtain; the triangles stay.
    if (mark.hovered || at - last_line >= 7) {
      const Colour line = mixed(theme.plot, mark.colour, mark.hovered ? 0.9 : 0.35);
      painter.line({at, area.y}, {at, area.bottom()}, {line, 1, Dash::solid});
      last_line = at;
    }
    const double size = mark.hovered ? 6 : 4;
    if (mark.shape == EventShape::calibration)
      painter.fill_triangle({at - size, top}, {at + size, top}, {at, top + size * 1.6}, mark.colour);
    else
      draw_event_shape(painter, theme, mark.shape, {at, top + size}, size, mark.colour);
  }
}

void Figure::draw_crosshair(Painter& painter, const Theme& theme) const {
  const Rect area = plot();
  const ClipGuard clip(painter, area);
  const auto vertical = [&](double value, Dash dash) {
    const double at = crisp(x_pixel(value));
    if (std::isnan(at)) return;
    painter.line({at, area.y}, {at, area.bottom()}, {theme.crosshair, 1, dash});
  };
  if (second_cursor) vertical(*second_cursor, Dash::dashed);
  if (crosshair) vertical(*crosshair, Dash::solid);
}

void Figure::draw_empty_text(Painter& painter, const Theme& theme) const {
  if (empty_text.empty()) return;
  const std::string shown = shortened(painter, empty_text, TextSize::normal, plot().width - 16);
  painter.text(plot().centre(), shown, {theme.muted, TextSize::normal, AlignX::centre, AlignY::middle});
}

void Figure::draw_note(Painter& painter, const Theme& theme) const {
  if (note.empty()) return;
  const Rect area = plot();
  const std::string shown = shortened(painter, note, TextSize::small, area.width - 16);
  const Size size = painter.measure(shown, TextSize::small);
  const Rect back = {area.x + 4, area.bottom() - size.height - 5, size.width + 8, size.height + 2};
  painter.fill_rect(back, with_alpha(theme.plot, 0.85), 3);
  painter.text({back.x + 4, back.centre().y}, shown,
               {theme.muted, TextSize::small, AlignX::left, AlignY::middle});
}

namespace {

constexpr double kRowHeight = 16;
constexpr double kPadding = 7;

/// Next to the pointer where there is room, and inside the bounds.
Rect placed(Point at, Size size, const Rect& bounds) {
  double x = at.x + 14;
  if (x + size.width > bounds.right()) x = at.x - 14 - size.width;
  x = std::clamp(x, bounds.x, std::max(bounds.x, bounds.right() - size.width));
  const double y =
      std::clamp(at.y - size.height / 2, bounds.y, std::max(bounds.y, bounds.bottom() - size.height));
  return {std::round(x), std::round(y), std::ceil(size.width), std::ceil(size.height)};
}

void draw_panel(Painter& painter, const Theme& theme, const Rect& box) {
  painter.fill_rect({box.x + 1, box.y + 2, box.width, box.height},
                    with_alpha(0xff000000, theme.dark ? 0.35 : 0.12), 5);
  painter.fill_rect(box, theme.popup, 5);
  painter.stroke_rect(box, theme.popup_border, 1, 5);
}

}  // namespace

void draw_value_box(Painter& painter, const Theme& theme, Point at, const Rect& bounds,
                    const std::string& heading, const std::vector<ValueRow>& rows) {
  const auto room =
      static_cast<std::size_t>(std::max(1.0, (bounds.height - 2 * kPadding - kRowHeight) / kRowHeight));
  const std::size_t shown = rows.size() <= room ? rows.size() : room - 1;
  const std::string rest =
      shown < rows.size() ? figure_words("and %1 more", std::to_string(rows.size() - shown)) : "";
  const bool coloured =
      std::any_of(rows.begin(), rows.end(), [](const ValueRow& row) { return row.colour != 0; });
  const double swatch = coloured ? 24 : 0;
  double names = 0;
  double values = 0;
  for (const ValueRow& row : rows) {
    names = std::max(names, painter.measure(row.name, TextSize::small).width);
    values = std::max(values, painter.measure(row.value, TextSize::small).width);
  }
  names = std::min(names, 260.0);
  const double width =
      std::max(swatch + names + 14 + values, painter.measure(heading, TextSize::small).width);
  const double count = 1 + static_cast<double>(shown) + (rest.empty() ? 0 : 1);
  const Rect box = placed(at, {width + 2 * kPadding, count * kRowHeight + 2 * kPadding - 2}, bounds);
  draw_panel(painter, theme, box);
  double y = box.y + kPadding + kRowHeight / 2 - 1;
  const double left = box.x + kPadding;
  painter.text({left, y}, heading, {theme.muted, TextSize::small, AlignX::left, AlignY::middle});
  for (std::size_t i = 0; i < shown; ++i) {
    const ValueRow& row = rows[i];
    y += kRowHeight;
    if (row.strong)
      painter.fill_rect({box.x + 3, y - kRowHeight / 2, box.width - 6, kRowHeight}, theme.control_hover, 3);
    if (row.colour != 0) {
      painter.line({left, crisp(y)}, {left + 17, crisp(y)}, {row.colour, 2.5, row.dash});
    }
    painter.text({left + swatch, y}, shortened(painter, row.name, TextSize::small, names + 1),
                 {theme.text, TextSize::small, AlignX::left, AlignY::middle});
    painter.text({box.right() - kPadding, y}, row.value,
                 {theme.text, TextSize::small, AlignX::right, AlignY::middle});
  }
  if (!rest.empty()) {
    painter.text({left + swatch, y + kRowHeight}, rest,
                 {theme.muted, TextSize::small, AlignX::left, AlignY::middle});
  }
}

void draw_text_box(Painter& painter, const Theme& theme, Point at, const Rect& bounds,
                   const std::vector<std::string>& lines) {
  double width = 0;
  for (const std::string& line : lines) width = std::max(width, painter.measure(line, TextSize::small).width);
  width = std::min(width, bounds.width - 2 * kPadding);
  const double height = static_cast<double>(lines.size()) * kRowHeight + 2 * kPadding - 2;
  const Rect box = placed(at, {width + 2 * kPadding, height}, bounds);
  draw_panel(painter, theme, box);
  double y = box.y + kPadding + kRowHeight / 2 - 1;
  for (std::size_t i = 0; i < lines.size(); ++i, y += kRowHeight) {
    painter.text({box.x + kPadding, y}, shortened(painter, lines[i], TextSize::small, width + 1),
                 {i == 0 ? theme.text : theme.muted, TextSize::small, AlignX::left, AlignY::middle});
  }
}

}  // namespace grapevine
