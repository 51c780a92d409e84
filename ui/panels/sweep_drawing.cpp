#include "ui/panels/sweep_drawing.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QHash>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>

#include "ui/plot/axis.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/scope/run_colour.h"

namespace grapevine {
namespace {

constexpr double kLine = 16;  ///< a line of text
constexpr double kReach = 10;
constexpr std::size_t kFewDots = 30;  ///< more are a line alone

QString tr(const char* text) {
  return QCoreApplication::translate("grapevine::SweepFigure", text);
}

Colour shade_of(double share, const Theme& theme) {
  return mixed(theme.plot, theme.accent, 0.1 + 0.8 * share);
}

/// As wide as the longest name, and no more than a third of the picture.
double legend_width(const SweepPlot& plot, double width) {
  const QFontMetricsF metrics(figure_font(TextSize::small));
  double widest = 64;
  for (const SweepPlot::Line& line : plot.lines)
    widest = std::max(widest, metrics.horizontalAdvance(line.name) + 6);
  return std::min(widest, width / 3);
}

/// Of a map's rows with their names, which may be several settings'.
double rows_width(const SweepPlot& plot, double width) {
  const QFontMetricsF metrics(figure_font(TextSize::small));
  double widest = 0;
  for (const QString& row : plot.rows) widest = std::max(widest, metrics.horizontalAdvance(row) + 14);
  return std::min(widest, width / 3);
}

}  // namespace

SweepDrawing::Range::Range() : low(std::numeric_limits<double>::infinity()), high(-low) {}

void SweepDrawing::Range::add(double value) {
  if (!std::isfinite(value)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

SweepDrawing::SweepDrawing(const SweepPlot& plot, bool percent, Size size)
    : plot_(plot), percent_(percent), size_(size), legend_(legend_width(plot, size.width)) {
  const double top = plot.kind == SweepPlot::Kind::heat_map ? 48 : 30;
  const double left = std::max(70.0, rows_width(plot, size.width));
  area_ = {left, top, size.width - left - 32 - legend_, size.height - top - 44};
  for (const SweepPlot::Line& line : plot.lines)
    for (const SweepPlot::Dot& dot : line.dots) {
      xs_.add(along(dot.x));
      ys_.add(dot.low);
      ys_.add(dot.high);
    }
  const double margin = ys_.high > ys_.low ? (ys_.high - ys_.low) * 0.06 : 0.05;
  ys_.low -= margin;
  ys_.high += margin;
  for (const std::vector<double>& row : plot.cells)
    for (const double value : row) values_.add(value);
  keep_apart();
}

/// Bars at one place would hide one another: lines that have some are a few pixels beside their places, less
/// where these are close.
void SweepDrawing::keep_apart() {
  shifts_.assign(plot_.lines.size(), 0);
  std::vector<std::size_t> with_bars;
  std::set<double> places;
  for (std::size_t i = 0; i < plot_.lines.size(); ++i) {
    const SweepPlot::Line& line = plot_.lines[i];
    if (line.level || line.dots.size() > kFewDots) continue;
    for (const SweepPlot::Dot& dot : line.dots) places.insert(at(dot.x, dot.mean).x);
    if (plot_.side_by_side || std::any_of(line.dots.begin(), line.dots.end(),
                                          [](const SweepPlot::Dot& dot) { return dot.high > dot.low; }))
      with_bars.push_back(i);
  }
  if (with_bars.size() < 2) return;
  double closest = area_.width;
  for (auto place = std::next(places.begin()); place != places.end(); ++place)
    closest = std::min(closest, *place - *std::prev(place));
  constexpr double most = 5, share = 0.5;
  const double step = std::min(most, share * closest / static_cast<double>(with_bars.size()));
  for (std::size_t i = 0; i < with_bars.size(); ++i)
    shifts_[with_bars[i]] = (static_cast<double>(i) - (static_cast<double>(with_bars.size()) - 1) / 2) * step;
}

bool SweepDrawing::has_room() const {
  const bool something =
      plot_.kind == SweepPlot::Kind::heat_map ? !values_.empty() : !xs_.empty() && !ys_.empty();
  return plot_.kind != SweepPlot::Kind::none && something && area_.width >= 60 && area_.height >= 60;
}

double SweepDrawing::along(double x) const {
  return plot_.log_x ? std::log(x) : x;
}

Point SweepDrawing::at(double x, double y) const {
  return {area_.x + (0.05 + 0.9 * xs_.share(along(x))) * area_.width,
          area_.bottom() - ys_.share(y) * area_.height};
}

Point SweepDrawing::at(const SweepPlot::Dot& dot, double y, std::size_t line) const {
  const Point place = at(dot.x, y);
  return {place.x + shifts_[line], place.y};
}

Rect SweepDrawing::cell(std::size_t row, std::size_t column) const {
  const double width = area_.width / static_cast<double>(plot_.columns.size()),
               height = area_.height / static_cast<double>(plot_.rows.size());
  return {area_.x + static_cast<double>(column) * width, area_.y + static_cast<double>(row) * height, width,
          height};
}

QString SweepDrawing::number(double value) const {
  return percent_ ? QLocale().toString(100 * value, 'f', 1) : QLocale().toString(value, 'g', 4);
}

QString SweepDrawing::result_words(const SweepPlot::Dot& dot) const {
  if (!dot.failed.isEmpty()) return dot.failed;
  QString words = number(dot.mean);
  if (dot.high > dot.mean) words += QStringLiteral(" ± ") + number(dot.high - dot.mean);
  if (percent_) words += QStringLiteral(" %");
  return dot.count > 0 ? tr("%1, N %2").arg(words).arg(dot.count) : words;
}

void SweepDrawing::draw(Painter& painter, const Theme& theme) const {
  painter.fill_rect({0, 0, size_.width, size_.height}, theme.plot);
  if (!has_room()) return;
  draw_titles(painter, theme);
  if (plot_.kind == SweepPlot::Kind::curve) {
    draw_axes(painter, theme);
    draw_curves(painter, theme);
  } else {
    draw_map(painter, theme);
    draw_scale(painter, theme);
  }
}

/// A map's title is its measure, with the rows' setting below it; a curve's is what goes up.
void SweepDrawing::draw_titles(Painter& painter, const Theme& theme) const {
  const bool map = plot_.kind == SweepPlot::Kind::heat_map;
  const QString title = (map ? plot_.title : plot_.y_title) + (percent_ ? tr(" (%)") : QString());
  const auto put = [&](Point where, const QString& words, const TextStyle& style, double room) {
    painter.text(where, shortened(painter, words.toStdString(), style.size, room), style);
  };
  put({8, 14}, title, {theme.text, TextSize::title, AlignX::left, AlignY::middle}, size_.width - 16);
  if (map)
    put({8, 34}, plot_.y_title, {theme.muted, TextSize::small, AlignX::left, AlignY::middle},
        size_.width - 16);
  put({area_.centre().x, area_.bottom() + 31}, plot_.x_title,
      {theme.muted, TextSize::small, AlignX::centre, AlignY::middle}, area_.width);
}

void SweepDrawing::draw_axes(Painter& painter, const Theme& theme) const {
  const Axis heights{.lo = ys_.low, .hi = ys_.high};
  for (const Tick& tick : make_ticks(heights, area_.height, 36)) {
    if (tick.label.empty()) continue;
    const double y = std::floor(area_.bottom() - ys_.share(tick.value) * area_.height) + 0.5;
    painter.line({area_.x, y}, {area_.right(), y}, {theme.grid, 1, Dash::solid});
    painter.text({area_.x - 6, y}, number(tick.value).toStdString(),
                 {theme.muted, TextSize::small, AlignX::right, AlignY::middle});
  }
  // A few values that were tried are named as they are; of many the axis has round ones.
  constexpr std::size_t few = 12;
  std::vector<double> named = plot_.x_ticks;
  if (named.size() > few && !plot_.log_x && plot_.x_names.isEmpty()) {
    const Axis widths{.lo = xs_.low, .hi = xs_.high};
    named.clear();
    for (const Tick& tick : make_ticks(widths, area_.width, 60))
      if (!tick.label.empty()) named.push_back(tick.value);
  }
  // Labels that would touch are left out; names are shortened to their place.
  const double room =
      plot_.x_names.isEmpty()
          ? area_.width
          : std::max(48.0,
                     0.9 * area_.width / std::max<double>(1, static_cast<double>(named.size()) - 1) - 6);
  double free_from = -1e9;
  for (const double x : named) {
    const double place = at(x, ys_.low).x;
    if (place < free_from) continue;
    const QString text = plot_.x_names.isEmpty() ? QString::number(x, 'g', 4) : plot_.x_text(x);
    painter.text({place, area_.bottom() + 13}, shortened(painter, text.toStdString(), TextSize::small, room),
                 {theme.muted, TextSize::small, AlignX::centre, AlignY::middle});
    free_from = place + (plot_.x_names.isEmpty() ? 48 : room);
  }
}

void SweepDrawing::draw_curves(Painter& painter, const Theme& theme) const {
  double label = area_.y;
  QHash<QString, int> shades;
  for (std::size_t i = 0; i < plot_.lines.size(); ++i) {
    const SweepPlot::Line& line = plot_.lines[i];
    const bool by_place = line.shade < 0;
    const int place = by_place ? shades[QString::fromStdString(hue_family(line.rule))]++ : line.shade;
    const Dash dash = by_place      ? static_cast<Dash>(place % 4)
                      : line.dashed ? (line.variant ? Dash::dotted : Dash::dashed)
                                    : (line.variant ? Dash::dash_dot : Dash::solid);
    const Stroke stroke = {run_colour(line.rule, 0, false, place, theme), line.level ? 1.3 : 2, dash};
    draw_curve(painter, i, stroke, theme.plot);
    if (!line.in_legend || label + kLine > area_.bottom()) continue;
    const double y = label + kLine / 2;
    painter.line({area_.right() + 4, y}, {area_.right() + 24, y}, stroke);
    painter.text({area_.right() + 28, y},
                 shortened(painter, line.name.toStdString(), TextSize::small, legend_),
                 {theme.text, TextSize::small, AlignX::left, AlignY::middle});
    label += kLine + 2;
  }
}

/// Where a dot is; of one whose runs failed at the lower edge.
Point SweepDrawing::mark_of(std::size_t line, const SweepPlot::Dot& dot) const {
  Point point = at(dot, dot.mean, line);
  if (!dot.failed.isEmpty()) point.y = area_.bottom() - 6;
  return point;
}

void SweepDrawing::draw_failed(Painter& painter, Point at, Colour colour) const {
  constexpr double arm = 4;
  painter.line({at.x - arm, at.y - arm}, {at.x + arm, at.y + arm}, {colour, 1.5, Dash::solid});
  painter.line({at.x - arm, at.y + arm}, {at.x + arm, at.y - arm}, {colour, 1.5, Dash::solid});
}

void SweepDrawing::draw_curve(Painter& painter, std::size_t which, const Stroke& stroke,
                              Colour ground) const {
  const SweepPlot::Line& line = plot_.lines[which];
  std::vector<Point> points;
  for (const SweepPlot::Dot& dot : line.dots)
    if (const Point point = at(dot, dot.mean, which); std::isfinite(point.x) && std::isfinite(point.y))
      points.push_back(point);
  // Of a level that is at one place alone there would be nothing to see.
  const bool as_dots = (!line.level || points.size() == 1) && points.size() <= kFewDots;
  for (const SweepPlot::Dot& dot : line.dots)
    if (as_dots && dot.high > dot.low)
      painter.line(at(dot, dot.low, which), at(dot, dot.high, which), {stroke.colour, 1, Dash::solid});
  if (plot_.x_ordered) painter.polyline(points, stroke);
  for (const SweepPlot::Dot& dot : line.dots)
    if (!dot.failed.isEmpty()) draw_failed(painter, mark_of(which, dot), stroke.colour);
  if (!as_dots) return;
  // Of what is dashed a single dot shows its kind too: it is hollow.
  const bool hollow = line.shade < 0 ? stroke.dash != Dash::solid : line.dashed;
  for (const Point& point : points) {
    painter.fill_circle(point, 3.5, stroke.colour);
    if (hollow) painter.fill_circle(point, 2, ground);
  }
}

/// The mean, and below it deviation and N where there is room.
void SweepDrawing::draw_cell(Painter& painter, const Rect& box, const SweepPlot::Dot& dot,
                             Colour colour) const {
  const TextStyle style = {colour, TextSize::small, AlignX::centre, AlignY::middle};
  if (dot.count == 0) {
    const QString words = dot.failed.isEmpty() ? QStringLiteral("–") : tr("failed");
    return painter.text(box.centre(), shortened(painter, words.toStdString(), style.size, box.width), style);
  }
  QString more = tr("N %1").arg(dot.count);
  if (dot.high > dot.mean) more = QStringLiteral("± %1, %2").arg(number(dot.high - dot.mean), more);
  const double width = QFontMetricsF(figure_font(TextSize::small)).horizontalAdvance(more);
  const bool has_room = box.height >= 2 * kLine && box.width >= width + 4;
  const double up = has_room ? kLine / 2 : 0;
  painter.text({box.centre().x, box.centre().y - up}, number(dot.mean).toStdString(), style);
  if (has_room) painter.text({box.centre().x, box.centre().y + up}, more.toStdString(), style);
}

void SweepDrawing::draw_map(Painter& painter, const Theme& theme) const {
  for (std::size_t r = 0; r < plot_.cells.size(); ++r) {
    for (std::size_t c = 0; c < plot_.cells[r].size(); ++c) {
      const double value = plot_.cells[r][c];
      const bool there = std::isfinite(value);
      const double share = there ? values_.share(value) : 0;
      Rect box = cell(r, c);
      box.width -= 2;
      box.height -= 2;
      painter.fill_rect(box, there ? shade_of(share, theme) : theme.window);
      draw_cell(painter, box, plot_.results[r][c], share > 0.6 ? theme.on_accent : theme.text);
      if (r == 0)
        painter.text({box.centre().x, area_.bottom() + 13},
                     shortened(painter, plot_.columns[static_cast<qsizetype>(c)].toStdString(),
                               TextSize::small, box.width),
                     {theme.muted, TextSize::small, AlignX::centre, AlignY::middle});
    }
    painter.text(
        {area_.x - 6, cell(r, 0).centre().y},
        shortened(painter, plot_.rows[static_cast<qsizetype>(r)].toStdString(), TextSize::small, area_.x - 8),
        {theme.muted, TextSize::small, AlignX::right, AlignY::middle});
  }
}

/// Which shade is which number: a bar with its two ends.
void SweepDrawing::draw_scale(Painter& painter, const Theme& theme) const {
  constexpr int shades = 32;
  const double step = area_.height / shades, x = area_.right() + 12;
  for (int i = 0; i < shades; ++i)
    painter.fill_rect({x, area_.bottom() - (i + 1) * step, 12, step + 0.5},
                      shade_of((i + 0.5) / shades, theme));
  const TextStyle style = {theme.muted, TextSize::small, AlignX::left, AlignY::middle};
  painter.text({x + 17, area_.y + 5}, number(values_.high).toStdString(), style);
  painter.text({x + 17, area_.bottom() - 6}, number(values_.low).toStdString(), style);
}

QString SweepDrawing::words_at(Point place) const {
  if (!has_room()) return {};
  if (plot_.kind == SweepPlot::Kind::heat_map) {
    for (std::size_t r = 0; r < plot_.results.size(); ++r)
      for (std::size_t c = 0; c < plot_.results[r].size(); ++c) {
        if (!cell(r, c).contains(place)) continue;
        const SweepPlot::Dot& dot = plot_.results[r][c];
        const QString where = QStringLiteral("%1 %2, %3 %4")
                                  .arg(plot_.x_title, plot_.columns[static_cast<qsizetype>(c)], plot_.y_title,
                                       plot_.rows[static_cast<qsizetype>(r)]);
        return QStringLiteral("%1\n%2: %3")
            .arg(where, plot_.title,
                 dot.count > 0 || !dot.failed.isEmpty() ? result_words(dot) : tr("no result"));
      }
    return {};
  }
  QString words;
  double nearest = kReach;
  for (std::size_t i = 0; i < plot_.lines.size(); ++i)
    for (const SweepPlot::Dot& dot : plot_.lines[i].dots) {
      const Point point = mark_of(i, dot);
      const double distance = std::hypot(point.x - place.x, point.y - place.y);
      if (!(distance < nearest)) continue;
      nearest = distance;
      words =
          QStringLiteral("%1, %2 %3\n%4: %5")
              .arg(plot_.lines[i].name, plot_.x_title, plot_.x_text(dot.x), plot_.y_title, result_words(dot));
    }
  return words;
}

}  // namespace grapevine
