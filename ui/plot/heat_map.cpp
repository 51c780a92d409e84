// The heat map.
#include "ui/plot/heat_map.h"

#include <cmath>

namespace grapevine {
namespace {

constexpr double kGroupGap = 3;

}  // namespace

void HeatMap::draw(Painter& painter, const Theme& theme) const {
  draw_header(painter, theme);
  if (!rows.empty()) draw_scale(painter, theme);
  draw_background(painter, theme);
  draw_time_axis(painter, theme);
  {
    const ClipGuard clip(painter, plot());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      draw_row(painter, theme, i);
      draw_measured(painter, theme, i);
    }
  }
  draw_groups(painter, theme);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].marked) painter.stroke_rect(row_area(i), theme.text);
  draw_marks(painter, theme);
  draw_crosshair(painter, theme);
  draw_border(painter, theme);
  draw_empty_text(painter, theme);
}

Colour HeatMap::colour_of(double value, const Theme& theme) const {
  if (diverging) return cosine_colour(value, theme);
  return sequential_colour(hi > lo ? (value - lo) / (hi - lo) : 0, theme);
}

std::size_t HeatMap::groups() const {
  std::size_t count = rows.empty() ? 0 : 1;
  for (std::size_t i = 1; i < rows.size(); ++i) count += rows[i].racer != rows[i - 1].racer;
  return count;
}

Rect HeatMap::row_area(std::size_t index) const {
  const Rect area = plot();
  const std::size_t all_groups = groups();
  std::size_t group = 0;
  for (std::size_t i = 1; i <= index; ++i) group += rows[i].racer != rows[i - 1].racer;
  const double gaps = kGroupGap * static_cast<double>(all_groups - 1);
  const double height = std::max(0.0, area.height - gaps) / static_cast<double>(rows.size());
  const double shift = area.y + static_cast<double>(group) * kGroupGap;
  const double top = std::round(shift + height * static_cast<double>(index));
  const double bottom = std::round(shift + height * static_cast<double>(index + 1));
  return {area.x, top, area.width, bottom - top};
}

int HeatMap::row_at(Point at) const {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (row_area(i).contains(at)) return static_cast<int>(i);
  }
  return -1;
}

void HeatMap::draw_row(Painter& painter, const Theme& theme, std::size_t index) const {
  const HeatRow& row = rows[index];
  if (!row.columns || row.columns->empty()) return;
  const Rect area = row_area(index);
  const std::vector<double>& columns = *row.columns;
  const double width = area.width / static_cast<double>(columns.size());
  // Neighbours of one colour are one rectangle.
  std::size_t begin = 0;
  while (begin < columns.size()) {
    if (std::isnan(columns[begin])) {
      ++begin;
      continue;
    }
    const Colour colour = colour_of(row.sign * columns[begin], theme);
    std::size_t end = begin + 1;
    // Mostly the same number, which need not be coloured to be compared.
    while (end < columns.size() && !std::isnan(columns[end]) &&
           (columns[end] == columns[end - 1] || colour_of(row.sign * columns[end], theme) == colour))
      ++end;
    const double left = std::round(area.x + width * static_cast<double>(begin));
    const double right = std::round(area.x + width * static_cast<double>(end));
    const bool faded = emphasised_racer >= 0 && row.racer != emphasised_racer;
    painter.fill_rect({left, area.y, right - left, area.height},
                      faded ? mixed(theme.plot, colour, 0.3) : colour);
    begin = end;
  }
}

/// A colour holds until the next measurement, which may be far away: a tick where there was one.
void HeatMap::draw_measured(Painter& painter, const Theme& theme, std::size_t index) const {
  const Rect area = row_area(index);
  const double height = std::min(4.0, area.height / 3);
  for (const double time : rows[index].measured) {
    const double at = crisp(x_pixel(time));
    if (!std::isnan(at))
      painter.line({at, area.bottom() - height}, {at, area.bottom()}, {theme.text, 1, Dash::solid});
  }
}

void HeatMap::draw_groups(Painter& painter, const Theme& theme) const {
  const bool several = groups() > 1;
  const std::vector<std::size_t> named = named_rows();
  for (std::size_t i = 0; i < rows.size() && several; ++i) {
    const Rect area = row_area(i);
    painter.fill_rect({area.x - 6, area.y, 4, area.height}, rows[i].colour);
  }
  for (const std::size_t i : named)
    painter.text({row_area(i).x - (several ? 11 : 7), row_area(i).centre().y}, rows[i].name,
                 {theme.muted, TextSize::small, AlignX::right, AlignY::middle});
}

std::vector<std::size_t> HeatMap::named_rows() const {
  constexpr double least = 12;  // between the names' middles
  if (rows.empty()) return {};
  // Not of rounded rows: groups would differ by a pixel.
  const double gaps = kGroupGap * static_cast<double>(groups() - 1);
  const double height = std::max(1.0, (plot().height - gaps) / static_cast<double>(rows.size()));
  const auto stride = static_cast<std::size_t>(std::ceil(least / height));
  const bool several = groups() > 1;  // then all of them are named alike, the last one too
  std::vector<std::size_t> named;
  double below = least;  // from the name beneath to the foot of the group
  for (std::size_t end = rows.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && rows[begin - 1].racer == rows[end - 1].racer) --begin;
    const auto count = static_cast<double>(end - begin);
    // The same layers in every group, from the input on; the topmost leaves the next group's first its room.
    for (std::size_t k = 0; k < end - begin; k += stride) {
      const double middle = (static_cast<double>(k) + 0.5) * height;
      const double to_next = (count + 0.5) * height - middle + kGroupGap;
      if ((k > 0 && several && to_next < least) || below + middle < least) continue;
      named.push_back(end - 1 - k);
      below = -middle;
    }
    below += count * height + kGroupGap;
    end = begin;
  }
  return named;
}

void HeatMap::draw_scale(Painter& painter, const Theme& theme) const {
  const std::string low = diverging ? "−1" : format_number(lo, 3);
  const std::string high = diverging ? "+1" : format_number(hi, 3);
  const double right = outer.right() - kRightMargin;
  const double middle = outer.y + kHeaderHeight / 2 - 0.5;
  constexpr double ramp = 96;
  const double high_width = painter.measure(high, TextSize::small).width;
  const double begin = std::round(right - high_width - 6 - ramp);
  if (begin - 40 < title_area().x + painter.measure(title, TextSize::title).width + 30) return;
  painter.text({right, middle}, high, {theme.muted, TextSize::small, AlignX::right, AlignY::middle});
  constexpr int cells = 24;
  for (int i = 0; i < cells; ++i) {
    const double share = (i + 0.5) / cells;
    painter.fill_rect({begin + i * ramp / cells, std::round(middle - 4), ramp / cells, 8},
                      diverging ? cosine_colour(2 * share - 1, theme) : sequential_colour(share, theme));
  }
  painter.stroke_rect({begin, std::round(middle - 4), ramp, 8}, theme.border);
  painter.text({begin - 6, middle}, low, {theme.muted, TextSize::small, AlignX::right, AlignY::middle});
}

void HeatMap::draw_overlay(Painter& painter, const Theme& theme, const Rect& bounds) const {
  if (!pointer_inside || !crosshair) return;
  const int row = row_at(pointer);
  if (row < 0) return;
  const HeatRow& shown = rows[static_cast<std::size_t>(row)];
  const Rect area = row_area(static_cast<std::size_t>(row));
  painter.stroke_rect({area.x, area.y, area.width, area.height}, theme.crosshair);
  const Colour swatch = std::isnan(shown.cursor_value) ? 0 : colour_of(shown.cursor_value, theme);
  const std::string text = std::isnan(shown.cursor_value) ? "—" : format_number(shown.cursor_value, 4);
  draw_value_box(painter, theme, pointer, bounds, crosshair_text,
                 {{shown.full_name, text, swatch, Dash::solid, false}});
}

}  // namespace grapevine
