#include "ui/panels/sweep_figure.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/panels/window_theme.h"
#include "ui/plot/axis.h"
#include "ui/scope/run_colour.h"

namespace grapevine {
namespace {

QColor of(Colour colour) {
  return QColor::fromRgb(QRgb(colour));
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
  double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

}  // namespace

SweepFigure::SweepFigure(QWidget* parent) : QWidget(parent) {
  setMinimumHeight(180);
  setAccessibleName(tr("Result of the sweep"));
}

void SweepFigure::set_empty_text(const QString& words) {
  empty_text_ = words;
  update();
}

void SweepFigure::show_plot(const SweepPlot& plot, bool percent) {
  plot_ = plot;
  percent_ = percent;
  update();
}

QString SweepFigure::number(double value) const {
  return percent_ ? QLocale().toString(100 * value, 'f', 1) : QLocale().toString(value, 'g', 4);
}

/// As wide as the longest name, and no more than a third of the picture.
int SweepFigure::legend_width() const {
  int widest = 80;
  for (const SweepPlot::Line& line : plot_.lines)
    widest = std::max(widest, fontMetrics().horizontalAdvance(line.name) + 4);
  return std::min(widest, width() / 3);
}

void SweepFigure::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Theme& theme = theme_of(palette());
  painter.fillRect(rect(), of(theme.plot));
  const QRectF area = QRectF(rect()).adjusted(70, 16, -32 - legend_width(), -44);
  painter.setPen(of(theme.muted));
  if (plot_.kind == SweepPlot::Kind::none || area.width() < 60 || area.height() < 60) {
    painter.drawText(rect().adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
    return;
  }
  painter.drawText(QRectF(area.left(), area.bottom() + 22, area.width(), 18), Qt::AlignCenter, plot_.x_title);
  painter.save();
  painter.translate(14, area.center().y());
  painter.rotate(-90);
  painter.drawText(
      QRectF(-area.height() / 2, -9, area.height(), 18), Qt::AlignCenter,
      plot_.y_title + (percent_ && plot_.kind == SweepPlot::Kind::curve ? tr(" (%)") : QString()));
  painter.restore();
  if (plot_.kind == SweepPlot::Kind::curve)
    paint_curve(painter, area);
  else
    paint_heat_map(painter, area);
}

/// Where a number is in the picture.
struct SweepFigure::Places {
  QRectF area;
  Range xs, ys;
  bool log_x = false;

  double along(double x) const { return log_x ? std::log(x) : x; }
  QPointF at(double x, double y) const {
    return {area.left() + (0.03 + 0.94 * xs.share(along(x))) * area.width(),
            area.bottom() - ys.share(y) * area.height()};
  }
};

void SweepFigure::paint_curve(QPainter& painter, const QRectF& area) const {
  Places places{area, {}, {}, plot_.log_x};
  for (const SweepPlot::Line& line : plot_.lines)
    for (const SweepPlot::Dot& dot : line.dots) {
      places.xs.add(places.along(dot.x));
      places.ys.add(dot.low);
      places.ys.add(dot.high);
    }
  if (places.xs.empty()) return;
  const double margin = places.ys.high > places.ys.low ? (places.ys.high - places.ys.low) * 0.06 : 0.05;
  places.ys.low -= margin;
  places.ys.high += margin;
  paint_axes(painter, places);
  paint_lines(painter, places);
}

void SweepFigure::paint_axes(QPainter& painter, const Places& places) const {
  const Theme& theme = theme_of(palette());
  const QRectF& area = places.area;
  const Axis heights{.lo = places.ys.low, .hi = places.ys.high};
  for (const Tick& tick : make_ticks(heights, area.height(), 36)) {
    if (tick.label.empty()) continue;
    const double y = std::floor(places.at(plot_.x_ticks.front(), tick.value).y()) + 0.5;
    painter.setPen(QPen(of(theme.grid), 1));
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    painter.setPen(of(theme.muted));
    painter.drawText(QRectF(area.left() - 54, y - 9, 48, 18), Qt::AlignRight | Qt::AlignVCenter,
                     number(tick.value));
  }
  // A few values that were tried are named as they are; of many the axis has round ones.
  constexpr std::size_t few = 12;
  std::vector<double> named = plot_.x_ticks;
  if (named.size() > few && !plot_.log_x) {
    const Axis widths{.lo = places.xs.low, .hi = places.xs.high};
    named.clear();
    for (const Tick& tick : make_ticks(widths, area.width(), 60))
      if (!tick.label.empty()) named.push_back(tick.value);
  }
  double free_from = -1e9;
  painter.setPen(of(theme.muted));
  for (const double x : named) {
    const double at = places.at(x, places.ys.low).x();
    if (at < free_from) continue;  // labels that would touch are left out
    painter.drawText(QRectF(at - 30, area.bottom() + 4, 60, 18), Qt::AlignCenter, QString::number(x, 'g', 4));
    free_from = at + 48;
  }
}

void SweepFigure::paint_lines(QPainter& painter, const Places& places) const {
  constexpr qsizetype few_dots = 30;
  const Theme& theme = theme_of(palette());
  const QRectF& area = places.area;
  double label = area.top();
  QHash<QString, int> shades;
  for (const SweepPlot::Line& line : plot_.lines) {
    const int place = line.shade < 0 ? shades[QString::fromStdString(hue_family(line.rule))]++ : line.shade;
    const bool dashed = line.shade < 0 ? place % 2 == 1 : line.dashed;
    const QColor colour = of(run_colour(line.rule, 0, false, place, theme));
    QList<QPointF> points;
    for (const SweepPlot::Dot& dot : line.dots) points << places.at(dot.x, dot.mean);
    // Of a level that is at one place alone there would be nothing to see.
    const bool as_dots = (!line.level || points.size() == 1) && points.size() <= few_dots;
    painter.setPen(QPen(colour, 1));
    for (const SweepPlot::Dot& dot : line.dots)
      if (as_dots && dot.high > dot.low)
        painter.drawLine(places.at(dot.x, dot.low), places.at(dot.x, dot.high));
    const QPen pen(colour, line.level ? 1.3 : 2, dashed ? Qt::DashLine : Qt::SolidLine);
    painter.setPen(pen);
    painter.drawPolyline(points.constData(), static_cast<int>(points.size()));
    // Of what is dashed a single dot shows its kind too: it is hollow.
    painter.setPen(QPen(colour, 1.5));
    painter.setBrush(dashed ? of(theme.plot) : colour);
    if (as_dots)
      for (const QPointF& point : points) painter.drawEllipse(point, 3, 3);
    if (!line.in_legend || label + 16 > area.bottom()) continue;
    painter.setPen(pen);
    painter.drawLine(QPointF(area.right() + 4, label + 9), QPointF(area.right() + 24, label + 9));
    painter.setPen(of(theme.text));
    const QString name = line.name.isEmpty() ? tr("all") : line.name;
    const int room = legend_width();
    painter.drawText(QRectF(area.right() + 28, label, room, 18), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(name, Qt::ElideRight, room));
    label += 18;
  }
}

void SweepFigure::paint_heat_map(QPainter& painter, const QRectF& area) const {
  const Theme& theme = theme_of(palette());
  Range values;
  for (const std::vector<double>& row : plot_.cells)
    for (const double value : row) values.add(value);
  const double width = area.width() / static_cast<double>(plot_.columns.size()),
               height = area.height() / static_cast<double>(plot_.rows.size());
  for (qsizetype r = 0; r < plot_.rows.size(); ++r) {
    for (qsizetype c = 0; c < plot_.columns.size(); ++c) {
      const double value = plot_.cells[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
      const QRectF cell(area.left() + static_cast<double>(c) * width,
                        area.top() + static_cast<double>(r) * height, width - 2, height - 2);
      const bool there = std::isfinite(value);
      const double share = there ? values.share(value) : 0;
      painter.fillRect(cell, of(there ? mixed(theme.plot, theme.accent, 0.1 + 0.8 * share) : theme.window));
      painter.setPen(of(share > 0.6 ? theme.on_accent : theme.text));
      painter.drawText(cell, Qt::AlignCenter, there ? number(value) : QStringLiteral("–"));
      if (r > 0) continue;
      painter.setPen(of(theme.muted));
      painter.drawText(QRectF(cell.left(), area.bottom() + 4, cell.width(), 18), Qt::AlignCenter,
                       plot_.columns[c]);
    }
    painter.setPen(of(theme.muted));
    painter.drawText(QRectF(area.left() - 50, area.top() + static_cast<double>(r) * height, 44, height),
                     Qt::AlignRight | Qt::AlignVCenter, plot_.rows[r]);
  }
}

}  // namespace grapevine
