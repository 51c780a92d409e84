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
    painter.drawText(
        rect(), Qt::AlignCenter | Qt::TextWordWrap,
        tr("Choose a sweep that has finished runs: what was varied over numbers is drawn here."));
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

void SweepFigure::paint_curve(QPainter& painter, const QRectF& area) const {
  const Theme& theme = theme_of(palette());
  const auto along = [&](double x) { return plot_.log_x ? std::log(x) : x; };
  Range xs, ys;
  for (const SweepPlot::Line& line : plot_.lines)
    for (const SweepPlot::Dot& dot : line.dots) {
      xs.add(along(dot.x));
      ys.add(dot.low);
      ys.add(dot.high);
    }
  if (xs.empty()) return;
  const double margin = ys.high > ys.low ? (ys.high - ys.low) * 0.06 : 0.05;
  ys.low -= margin;
  ys.high += margin;
  const auto place = [&](double x, double y) {
    return QPointF(area.left() + (0.03 + 0.94 * xs.share(along(x))) * area.width(),
                   area.bottom() - ys.share(y) * area.height());
  };
  const Axis heights{.lo = ys.low, .hi = ys.high};
  for (const Tick& tick : make_ticks(heights, area.height(), 36)) {
    const double y = std::floor(place(plot_.x_ticks.front(), tick.value).y()) + 0.5;
    painter.setPen(QPen(of(theme.grid), 1));
    if (!tick.label.empty()) painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    painter.setPen(of(theme.muted));
    if (!tick.label.empty())
      painter.drawText(QRectF(area.left() - 54, y - 9, 48, 18), Qt::AlignRight | Qt::AlignVCenter,
                       number(tick.value));
  }
  double free_from = -1e9;
  for (const double x : plot_.x_ticks) {
    const double at = place(x, ys.low).x();
    if (at < free_from) continue;  // labels that would touch are left out
    painter.drawText(QRectF(at - 30, area.bottom() + 4, 60, 18), Qt::AlignCenter, QString::number(x, 'g', 4));
    free_from = at + 48;
  }
  double label = area.top();
  QHash<QString, int> shades;
  for (const SweepPlot::Line& line : plot_.lines) {
    const int shade = shades[QString::fromStdString(hue_family(line.rule))]++;
    const QColor colour = of(run_colour(line.rule, 0, false, shade, theme));
    QList<QPointF> points;
    for (const SweepPlot::Dot& dot : line.dots) {
      points << place(dot.x, dot.mean);
      painter.setPen(QPen(colour, 1));
      painter.drawLine(place(dot.x, dot.low), place(dot.x, dot.high));
    }
    const QPen pen(colour, 2, shade % 2 == 0 ? Qt::SolidLine : Qt::DashLine);
    painter.setPen(pen);
    painter.drawPolyline(points.constData(), static_cast<int>(points.size()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    for (const QPointF& point : points) painter.drawEllipse(point, 3, 3);
    if (label + 16 > area.bottom()) continue;
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
