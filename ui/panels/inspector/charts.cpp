#include "ui/panels/inspector/charts.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "engine/experiment/number_text.h"
#include "ui/panels/inspector/picture_files.h"
#include "ui/plot/figure.h"
#include "ui/plot/qpainter_painter.h"

namespace grapevine {
namespace {

constexpr double title_height = 24, axis_height = 20, side = 8, mark_height = 15;
constexpr double bound_height = 46;

QString short_number(double value, int digits = 2) {
  return std::isfinite(value) ? QLocale().toString(value, 'f', digits)
                              : QCoreApplication::translate("grapevine::InspectorPicture", "none");
}

void draw_title(Painter& painter, const Theme& theme, const QString& title, double width) {
  const std::string text = shortened(painter, title.toStdString(), TextSize::label, width - side);
  painter.text({side, 4}, text, {theme.text, TextSize::label});
}

void draw_absent(Painter& painter, const Theme& theme, const QString& why, QSizeF size) {
  const std::string text = shortened(painter, why.toStdString(), TextSize::small, size.width() - 2 * side);
  painter.text({side, title_height + 4}, text, {theme.muted, TextSize::small});
}

}  // namespace

HistogramChart::HistogramChart(QString name, QString reading, QWidget* parent)
    : InspectorPicture(std::move(name), reading, parent), reading_(std::move(reading)) {
  setMouseTracking(true);
}

void HistogramChart::show_histogram(Histogram histogram, Ticks ticks, double mark, const QString& mark_text,
                                    Colour colour, const QString& absent) {
  histogram_ = std::move(histogram);
  ticks_ = std::move(ticks);
  mark_ = mark;
  mark_text_ = mark_text;
  colour_ = colour;
  absent_ = absent;
  tell();
}

QString HistogramChart::sentence() const {
  if (!absent_.isEmpty()) return tr("%1: %2.").arg(name(), absent_);
  return tr("%1: from %2 to %3, %4.")
      .arg(name(), QLocale().toString(histogram_.low, 'g', 3), QLocale().toString(histogram_.high, 'g', 3),
           mark_text_);
}

std::string HistogramChart::csv() const {
  return histogram_csv(histogram_);
}

Rect HistogramChart::bars_area(QSizeF size) const {
  return {side, title_height + mark_height, size.width() - 2 * side,
          size.height() - title_height - mark_height - axis_height};
}

void HistogramChart::draw(QPainter& qpainter, QSizeF size, const Theme& theme) const {
  QPainterPainter own(qpainter);
  Painter& painter = own;
  draw_title(painter, theme, name(), size.width());
  if (!absent_.isEmpty()) return draw_absent(painter, theme, absent_, size);
  const Rect area = bars_area(size);
  std::int64_t most = 1;
  for (const std::int64_t count : histogram_.counts) most = std::max(most, count);
  const double width = area.width / static_cast<double>(std::max<std::size_t>(1, histogram_.counts.size()));
  for (std::size_t i = 0; i < histogram_.counts.size(); ++i) {
    const double height = area.height * static_cast<double>(histogram_.counts[i]) / static_cast<double>(most);
    painter.fill_rect(
        {area.x + width * static_cast<double>(i), area.bottom() - height, std::max(1.0, width - 1), height},
        mixed(theme.plot, colour_, 0.65));
  }
  painter.line({area.x, area.bottom()}, {area.right(), area.bottom()}, {theme.border, 1});
  const auto x_of = [&](double value) {
    const double share = (value - histogram_.low) / (histogram_.high - histogram_.low);
    return area.x + area.width * std::clamp(share, 0.0, 1.0);
  };
  for (std::size_t i = 0; i < ticks_.size(); ++i) {
    const AlignX align = i == 0 ? AlignX::left : i + 1 == ticks_.size() ? AlignX::right : AlignX::centre;
    painter.text({x_of(ticks_[i].first), area.bottom() + 4}, ticks_[i].second.toStdString(),
                 {theme.muted, TextSize::small, align});
  }
  if (!std::isfinite(mark_)) return;
  const double at = crisp(x_of(mark_));
  painter.line({at, area.y - 3}, {at, area.bottom()}, {theme.text, 1.5});
  const std::string words =
      shortened(painter, mark_text_.toStdString(), TextSize::small, size.width() - 2 * side);
  const double half = painter.measure(words, TextSize::small).width / 2;
  painter.text({std::max(side + half, std::min(at, size.width() - side - half)), area.y - 4}, words,
               {theme.text, TextSize::small, AlignX::centre, AlignY::bottom});
}

void HistogramChart::mouseMoveEvent(QMouseEvent* event) {
  const Rect area = bars_area(size());
  if (histogram_.counts.empty() || !absent_.isEmpty() ||
      !area.contains({event->position().x(), event->position().y()}))
    return;
  const double bins = static_cast<double>(histogram_.counts.size());
  const auto bin = static_cast<std::size_t>(
      std::clamp((event->position().x() - area.x) / area.width * bins, 0.0, bins - 1));
  const double width = (histogram_.high - histogram_.low) / bins;
  const double from = histogram_.low + width * static_cast<double>(bin);
  QToolTip::showText(event->globalPosition().toPoint(),
                     tr("%1 to %2: %3")
                             .arg(QLocale().toString(from, 'g', 3), QLocale().toString(from + width, 'g', 3),
                                  QLocale().toString(static_cast<qlonglong>(histogram_.counts[bin]))) +
                         QLatin1Char('\n') + reading_,
                     this);
}

SpectrumChart::SpectrumChart(QString name, QString reading, QWidget* parent)
    : InspectorPicture(std::move(name), std::move(reading), parent) {}

void SpectrumChart::show_lines(std::vector<Line> lines) {
  lines_ = std::move(lines);
  std::erase_if(lines_, [](const Line& line) { return line.values.empty() || !(line.values.front() > 0); });
  tell();
}

QString SpectrumChart::sentence() const {
  QStringList parts;
  for (const Line& line : lines_)
    parts << tr("%1 from %2 to %3")
                 .arg(line.name, QLocale().toString(line.values.front(), 'g', 3),
                      QLocale().toString(line.values.back(), 'g', 3));
  return parts.isEmpty() ? tr("%1: none.").arg(name())
                         : tr("%1: %2.").arg(name(), parts.join(QStringLiteral(", ")));
}

std::string SpectrumChart::csv() const {
  std::string text = "matrix,number,value\n";
  for (const Line& line : lines_)
    for (std::size_t i = 0; i < line.values.size(); ++i)
      text +=
          line.name.toStdString() + "," + std::to_string(i + 1) + "," + short_text(line.values[i], 9) + "\n";
  return text;
}

void SpectrumChart::draw(QPainter& qpainter, QSizeF size, const Theme& theme) const {
  QPainterPainter own(qpainter);
  Painter& painter = own;
  draw_title(painter, theme, name(), size.width());
  if (lines_.empty()) return draw_absent(painter, theme, tr("no matrix to show"), size);
  const Rect area{side, title_height + 6, size.width() - 2 * side - 22,
                  size.height() - title_height - 6 - axis_height};
  painter.line({area.x, area.bottom()}, {area.right(), area.bottom()}, {theme.border, 1});
  std::size_t most = 2;
  for (const Line& line : lines_) most = std::max(most, line.values.size());
  painter.text({area.x, area.bottom() + 4}, tr("1st").toStdString(), {theme.muted, TextSize::small});
  painter.text({area.right(), area.bottom() + 4}, tr("%1th").arg(most).toStdString(),
               {theme.muted, TextSize::small, AlignX::right});
  double last_label = -100;
  std::vector<std::pair<double, const Line*>> ends;
  for (const Line& line : lines_) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < line.values.size(); ++i)
      points.push_back({area.x + area.width * static_cast<double>(i) / static_cast<double>(most - 1),
                        area.bottom() - area.height * line.values[i] / line.values.front()});
    const Colour colour = line.colour != 0 ? line.colour : theme.text;
    painter.polyline(points, {colour, 2, line.dashed ? Dash::dashed : Dash::solid});
    if (points.size() <= 20)
      for (const Point& at : points) painter.fill_circle(at, 2.5, colour);
    ends.emplace_back(points.back().y, &line);
  }
  std::sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [y, line] : ends) {
    last_label = std::max(y, last_label + 13);
    painter.text(
        {area.right() + 7, last_label}, line->name.toStdString(),
        {line->colour != 0 ? line->colour : theme.text, TextSize::small, AlignX::left, AlignY::middle});
  }
}

QString condition_text(const BoundCheck& bound) {
  QString text = QString::fromStdString(bound.condition);
  if (!bound.instead.empty())
    text += QCoreApplication::translate("grapevine::BoundsChart", "; this run has %1")
                .arg(QString::fromStdString(bound.instead));
  if (bound.bound < 0)
    text += QCoreApplication::translate("grapevine::BoundsChart", "; below 0 it says nothing");
  return text;
}

BoundsChart::BoundsChart(QString name, QString reading, QWidget* parent)
    : InspectorPicture(std::move(name), reading, parent), reading_(std::move(reading)) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void BoundsChart::show_bounds(std::vector<BoundCheck> bounds, Colour colour, const QString& absent) {
  bounds_ = std::move(bounds);
  colour_ = colour;
  absent_ = absent;
  // A narrow column has no room for the whole of a condition.
  setToolTip(reading_ + QStringLiteral("\n") + sentence());
  updateGeometry();
  tell();
}

QString BoundsChart::sentence() const {
  if (bounds_.empty()) return tr("%1: %2.").arg(name(), absent_);
  QStringList parts;
  for (const BoundCheck& bound : bounds_)
    parts << tr("%1: measured %2, at least %3; %4.")
                 .arg(QString::fromStdString(bound.what), short_number(bound.measured),
                      short_number(bound.bound), condition_text(bound));
  return parts.join(QLatin1Char(' '));
}

std::string BoundsChart::csv() const {
  std::string text = "bound,measured,at_least\n";
  for (const BoundCheck& bound : bounds_)
    text +=
        "\"" + bound.what + "\"," + short_text(bound.measured, 9) + "," + short_text(bound.bound, 9) + "\n";
  return text;
}

QSize BoundsChart::sizeHint() const {
  const double rows = bounds_.empty() ? 1 : static_cast<double>(bounds_.size()) * 1.0;
  return {420, static_cast<int>(title_height + (bounds_.empty() ? 22 : rows * bound_height))};
}

void BoundsChart::draw(QPainter& qpainter, QSizeF size, const Theme& theme) const {
  QPainterPainter own(qpainter);
  Painter& painter = own;
  draw_title(painter, theme, name(), size.width());
  if (bounds_.empty()) return draw_absent(painter, theme, absent_, size);
  double y = title_height;
  for (const BoundCheck& bound : bounds_) {
    const double names = std::min(170.0, size.width() * 0.36), numbers = 150;
    const Rect track{names + side, y + 7, std::max(40.0, size.width() - names - numbers - 2 * side), 4};
    painter.text({side, y + 2}, shortened(painter, bound.what, TextSize::normal, names - side),
                 {theme.text, TextSize::normal});
    painter.fill_rect(track, theme.control_hover, 2);
    const auto x_of = [&](double value) {
      return track.x + track.width * (std::clamp(value, -1.0, 1.0) + 1) / 2;
    };
    painter.line({crisp(x_of(0)), track.y - 3}, {crisp(x_of(0)), track.bottom() + 3}, {theme.tick, 1});
    if (std::isfinite(bound.bound))
      painter.line({crisp(x_of(bound.bound)), track.y - 6}, {crisp(x_of(bound.bound)), track.bottom() + 6},
                   {theme.text, 2});
    if (std::isfinite(bound.measured))
      painter.fill_circle({x_of(bound.measured), track.centre().y}, 5, colour_);
    const double right = track.right() + 12;
    const std::string measured = short_number(bound.measured).toStdString();
    painter.text({right, y + 1}, measured, {colour_, TextSize::label});
    painter.text({right + 46, y + 2}, tr("at least %1").arg(short_number(bound.bound)).toStdString(),
                 {theme.text, TextSize::normal});
    painter.text(
        {side, y + 22},
        shortened(painter, condition_text(bound).toStdString(), TextSize::small, size.width() - 2 * side),
        {theme.muted, TextSize::small});
    y += bound_height;
  }
}

}  // namespace grapevine
