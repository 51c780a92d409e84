// The tool bar's signs, on a grid of 16 units.
#include "ui/panels/glyphs.h"

#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QPixmap>

namespace grapevine {
namespace {

QPolygonF triangle(double left, double top, double bottom, double right) {
  return QPolygonF({{left, top}, {right, (top + bottom) / 2}, {left, bottom}});
}

void draw_reset(QPainter& painter, const QColor& colour) {
  painter.setPen(QPen(colour, 1.8, Qt::SolidLine, Qt::RoundCap));
  painter.setBrush(Qt::NoBrush);
  painter.drawArc(QRectF(3, 3.4, 10, 10), -40 * 16, -280 * 16);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawPolygon(QPolygonF({{8.6, 0.6}, {8.6, 6.4}, {12.6, 3.5}}));
}

void draw_target(QPainter& painter, const QColor& colour) {
  painter.setPen(QPen(colour, 1.6));
  painter.setBrush(Qt::NoBrush);
  painter.drawEllipse(QPointF(8, 8), 4.6, 4.6);
  for (const QLineF& line :
       {QLineF(8, 1, 8, 4), QLineF(8, 12, 8, 15), QLineF(1, 8, 4, 8), QLineF(12, 8, 15, 8)})
    painter.drawLine(line);
  painter.setBrush(colour);
  painter.drawEllipse(QPointF(8, 8), 1.1, 1.1);
}

void draw_fit(QPainter& painter, const QColor& colour) {
  painter.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::SquareCap));
  for (const auto& [x, y, sx, sy] :
       {std::tuple{2.5, 2.5, 1, 1}, {13.5, 2.5, -1, 1}, {2.5, 13.5, 1, -1}, {13.5, 13.5, -1, -1}}) {
    painter.drawLine(QPointF(x, y), QPointF(x + sx * 3.5, y));
    painter.drawLine(QPointF(x, y), QPointF(x, y + sy * 3.5));
  }
}

void draw_follow(QPainter& painter, const QColor& colour) {
  painter.setPen(QPen(colour, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.drawPolyline(QPolygonF({{1.5, 12}, {4.5, 8}, {6.8, 10}, {10.5, 4.5}}));
  painter.drawLine(QPointF(13.8, 2.5), QPointF(13.8, 13.5));
}

void draw_moon(QPainter& painter) {
  QPainterPath moon, bite;
  moon.addEllipse(QPointF(7.6, 8.4), 5.8, 5.8);
  bite.addEllipse(QPointF(10.6, 5.8), 5.2, 5.2);
  painter.drawPath(moon.subtracted(bite));
}

void draw_sun(QPainter& painter, const QColor& colour) {
  painter.drawEllipse(QPointF(8, 8), 3.1, 3.1);
  painter.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap));
  for (int i = 0; i < 8; ++i) {
    painter.save();
    painter.translate(8, 8);
    painter.rotate(45 * i);
    painter.drawLine(QPointF(0, -5.2), QPointF(0, -6.8));
    painter.restore();
  }
}

void draw(QPainter& painter, Glyph glyph, const QColor& colour) {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  switch (glyph) {
    case Glyph::play:
      return painter.drawPolygon(triangle(4, 2, 14, 14));
    case Glyph::pause:
      painter.drawRect(QRectF(3.5, 2.5, 3.2, 11));
      return painter.drawRect(QRectF(9.3, 2.5, 3.2, 11));
    case Glyph::step:
      painter.drawPolygon(triangle(3, 2.5, 13.5, 10.5));
      return painter.drawRect(QRectF(10.8, 2.5, 2.2, 11));
    case Glyph::steps:
      painter.drawPolygon(triangle(1, 2.5, 13.5, 7));
      painter.drawPolygon(triangle(7, 2.5, 13.5, 13));
      return painter.drawRect(QRectF(13, 2.5, 2, 11));
    case Glyph::stop:
      return painter.drawRect(QRectF(3, 3, 10, 10));
    case Glyph::reset:
      return draw_reset(painter, colour);
    case Glyph::calibrate:
      return draw_target(painter, colour);
    case Glyph::follow:
      return draw_follow(painter, colour);
    case Glyph::fit:
      return draw_fit(painter, colour);
    case Glyph::moon:
      return draw_moon(painter);
    case Glyph::sun:
      return draw_sun(painter, colour);
  }
}

QPixmap pixmap(Glyph glyph, const QColor& colour, int ratio) {
  QPixmap pixmap(QSize(16, 16) * ratio);
  pixmap.fill(Qt::transparent);
  pixmap.setDevicePixelRatio(ratio);
  QPainter painter(&pixmap);
  draw(painter, glyph, colour);
  return pixmap;
}

}  // namespace

QIcon glyph_icon(Glyph glyph, const QPalette& palette) {
  const bool main = glyph == Glyph::play || glyph == Glyph::pause;
  const QColor on = palette.color(main ? QPalette::Highlight : QPalette::ButtonText);
  const QColor off = palette.color(QPalette::Disabled, QPalette::ButtonText);
  QIcon icon;
  for (const int ratio : {1, 2, 3}) {
    icon.addPixmap(pixmap(glyph, on, ratio), QIcon::Normal);
    icon.addPixmap(pixmap(glyph, off, ratio), QIcon::Disabled);
  }
  return icon;
}

}  // namespace grapevine
