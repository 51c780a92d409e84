// One line of text that takes what room there is and ends in an ellipsis where that is too little. The
// window's thread only.
#pragma once

#include <QLabel>
#include <QPainter>

namespace grapevine {

class ElidedLabel : public QLabel {
 public:
  explicit ElidedLabel(QWidget* parent = nullptr) : QLabel(parent) {
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setTextFormat(Qt::PlainText);
  }
  /// What is seen of the text.
  QString shown() const { return fontMetrics().elidedText(text(), Qt::ElideRight, width()); }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft, shown());
  }
};

}  // namespace grapevine
