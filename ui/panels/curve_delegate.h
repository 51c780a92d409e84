// A run's curve the size of a word, in a cell of the library. The window's thread only.
#pragma once

#include <QStyledItemDelegate>

namespace grapevine {

struct CurveSketch;

class CurveDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

  /// The line in a rectangle: fractions on 0 … 1, so that rows can be compared, everything
  /// else between its own least and largest value.
  static QList<QPointF> line_of(const CurveSketch& sketch, const QRectF& place);
};

}  // namespace grapevine
