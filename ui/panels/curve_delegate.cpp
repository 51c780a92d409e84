#include "ui/panels/curve_delegate.h"

#include <QApplication>
#include <QPainter>
#include <algorithm>

#include "engine/runs/run_reader.h"
#include "ui/panels/run_library_model.h"

namespace grapevine {
namespace {

constexpr double least_share = 0.05;  ///< that a share's curve spans from bottom to top

}  // namespace

QList<QPointF> CurveDelegate::line_of(const CurveSketch& sketch, const QRectF& place) {
  QList<QPointF> line;
  if (sketch.values.empty()) return line;
  const auto [least, largest] = std::minmax_element(sketch.values.begin(), sketch.values.end());
  // Its own height, but what hardly moves stays flat.
  const bool share = sketch.measure && sketch.measure->quantity == Quantity::share;
  const double middle = (double{*least} + double{*largest}) / 2,
               reach = std::max((double{*largest} - double{*least}) / 2, share ? least_share / 2 : 0.0);
  const double low = middle - reach, high = middle + reach;
  const double last = static_cast<double>(sketch.values.size()) - 1;
  for (std::size_t i = 0; i < sketch.values.size(); ++i) {
    const double across = last > 0 ? static_cast<double>(i) / last : 0.5;
    const double up = high > low ? (sketch.values[i] - low) / (high - low) : 0.5;
    line << QPointF(place.left() + across * place.width(), place.bottom() - up * place.height());
  }
  return line;
}

void CurveDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
  QStyleOptionViewItem ground = option;
  initStyleOption(&ground, index);
  ground.text.clear();
  const QWidget* widget = option.widget;
  (widget ? widget->style() : QApplication::style())
      ->drawControl(QStyle::CE_ItemViewItem, &ground, painter, widget);
  const auto* sketch =
      static_cast<const CurveSketch*>(index.data(RunLibraryModel::curve_role).value<const void*>());
  if (!sketch || sketch->values.empty()) return;
  const QList<QPointF> line = line_of(*sketch, QRectF(option.rect).adjusted(6, 4, -6, -4));
  const bool selected = option.state & QStyle::State_Selected;
  const QColor ink = ground.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(ink, 1.3));
  painter->drawPolyline(line.constData(), static_cast<int>(line.size()));
  painter->setBrush(ink);
  painter->setPen(Qt::NoPen);
  painter->drawEllipse(line.back(), 1.8, 1.8);
  painter->restore();
}

QSize CurveDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  return {option.fontMetrics.height() * 5, option.fontMetrics.height() + 6};
}

}  // namespace grapevine
