#include "ui/panels/race_curve.h"

#include <QPainter>
#include <algorithm>
#include <utility>

#include "ui/panels/curve_delegate.h"

namespace grapevine {

RaceCurve::RaceCurve(std::vector<QColor> colours, QWidget* parent)
    : QWidget(parent), colours_(std::move(colours)) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void RaceCurve::show_curves(std::vector<CurveSketch> curves) {
  curves_ = std::move(curves);
  const bool measured = !curves_.empty() && curves_.front().measure;
  if (measured) setToolTip(QString::fromStdString(curves_.front().measure->name));
  update();
}

QSize RaceCurve::sizeHint() const {
  return {fontMetrics().height() * 8, fontMetrics().height() * 2};
}

void RaceCurve::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF place = QRectF(rect()).adjusted(3, 3, -3, -3);
  painter.setPen(palette().color(QPalette::Mid));
  painter.drawLine(place.bottomLeft(), place.bottomRight());
  // The first racer is mostly the one that the others are held against: it lies on top.
  for (std::size_t i = std::min(curves_.size(), colours_.size()); i-- > 0;) {
    const QList<QPointF> line = CurveDelegate::line_of(curves_[i], place);
    if (line.isEmpty()) continue;
    painter.setPen(QPen(colours_[i], 1.6));
    painter.drawPolyline(line.constData(), static_cast<int>(line.size()));
    painter.setBrush(colours_[i]);
    painter.drawEllipse(line.back(), 1.6, 1.6);
  }
}

}  // namespace grapevine
